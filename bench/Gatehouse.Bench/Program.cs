using System.Runtime.InteropServices;
using Gatehouse.Bench;
using Gatehouse.Bench.Load.Handshakes;
using Gatehouse.Bench.Parts;
using Gatehouse.Bench.Results;

using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true; // the servers that were started must end first
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

if (args is [HandshakeClient.Word, .. var words]) return HandshakeClient.Run(words);

try
{
    var options = Options.Parse(args);
    if (options.ShowHelp)
    {
        Console.WriteLine(Options.Help.Replace("{parts}", PartList.Names, StringComparison.Ordinal));
        return 0;
    }

    if (options.List)
    {
        foreach (var row in PartList.Find(options.Part).Rows) Console.WriteLine($"{row.Name,-12} {row.Title}");
        return 0;
    }

    if (options.Render)
    {
        ResultFolder.Render(options.Results);
        return 0;
    }

    return await Runner.RunAsync(options, stop.Token) ? 0 : 1;
}
catch (UsageException e)
{
    Console.Error.WriteLine($"bench/run: {e.Message}");
    return 2;
}
catch (RowFailedException e)
{
    Console.Error.WriteLine($"bench/run: {e.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("bench/run: stopped; nothing was written");
    return 130;
}

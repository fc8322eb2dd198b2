// A client in a page: prints the server's greeting, then sends each line of its input and prints what comes back.
//   dotnet run --project examples/sockets-client [ADDRESS:PORT]
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

var endpoint = Endpoint.Parse(args.Length > 0 ? args[0] : "127.0.0.1:9000");
try
{
    await using var connection = await NetClient.ConnectAsync(endpoint, timeout: TimeSpan.FromSeconds(5));
    using var reader = new StreamReader(connection, leaveOpen: true);
    await using var writer = new StreamWriter(connection, leaveOpen: true) { AutoFlush = true };
    Console.WriteLine(await reader.ReadLineAsync());
    while (Console.ReadLine() is { } line)
    {
        // TCP is a stream of bytes: what was written as one line may be read in pieces, so the end of a line is searched for and not expected.
        await writer.WriteLineAsync(line);
        Console.WriteLine(await reader.ReadLineAsync());
    }
    return 0;
}
catch (Exception exception) when (exception is IOException or TimeoutException)
{
    // Refused, broken off, or silent for too long: the message says which, and by whom.
    Console.Error.WriteLine(exception.Message);
    return 1;
}

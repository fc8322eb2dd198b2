using System.Runtime.InteropServices;
using System.Text;
using Gatehouse.Gateways.Peers;
using Gatehouse.Http;
using Gatehouse.Net.Files;
using Gatehouse.Net.Processes;
using Gatehouse.Net.Reactors;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Gateways.Cgi;

/// <summary>
/// Finds a script and starts it, on the I/O pool: both may wait for a disk, and a start takes as long as the kernel needs for a new program. The working
/// folder is the script's own (RFC 3875 section 7.2).
/// </summary>
internal sealed class CgiLaunch(Exchange exchange, CgiRules rules, long contentLength) : IoWork
{
    [ThreadStatic]
    private static ArgumentBlock? _environment;

    private readonly ReactorWait<WatchedProcess?> _done = new();
    private readonly Reactor _reactor = Reactor.Current!;
    private SafeHandle?[] _descriptors = [];
    private CgiProcess? _process;
    private WatchedProcess? _started;
    private ScriptPlace _place;

    /// <summary>Where the script is, once it was found.</summary>
    public ScriptPlace Place => _place;

    /// <summary>The status of the answer when nothing was started; 0 otherwise.</summary>
    public int Status { get; private set; }

    /// <summary>True for a script whose name says that it sends a whole HTTP head itself (RFC 3875 section 5).</summary>
    public bool IsNonParsed { get; private set; }

    /// <summary>Starts the script with these descriptors, which are closed here; null when there is none to start.</summary>
    /// <exception cref="IOException">It cannot be started.</exception>
    public ValueTask<WatchedProcess?> StartAsync(CgiProcess process, SafeFileHandle? input, SafeFileHandle output, SafeFileHandle errors)
    {
        _process = process;
        _descriptors = [input, output, errors];
        _done.Begin(resumeInline: true);
        if (IoPool.Shared.TryRun(this, _reactor))
            return _done.Task;
        CloseDescriptors();
        throw new IOException("too many scripts wait to be started");
    }

    /// <inheritdoc/>
    protected override void Execute()
    {
        var request = exchange.Request;
        var path = request.Path;
        var prefix = path.StartsWith(rules.Strip) ? rules.Strip.Length : 0;
        Status = path is [(byte)'/', ..] ? CgiWalk.Find(rules.Root, path, prefix, out _place) : 404;
        if (Status != 0)
            return;
        var name = path[..Place.InfoStart];
        IsNonParsed = name[(name.LastIndexOf((byte)'/') + 1)..].StartsWith("nph-"u8);
        _process!.Script = Encoding.UTF8.GetString(name);
        var file = rules.Root + Encoding.UTF8.GetString(Place.PathOf(request));
        _started = WatchedProcess.Start(_reactor, new ProcessStart
        {
            Program = file,
            Arguments = new ArgumentBlock([file]),
            Environment = MakeEnvironment(),
            Folder = System.IO.Path.GetDirectoryName(file),
            Descriptors = _descriptors,
        }, _process);
    }

    /// <inheritdoc/>
    protected override void Complete(Exception? failure)
    {
        CloseDescriptors();
        if (failure is not null)
            _done.SetException(failure as IOException ?? new IOException(failure.Message, failure));
        else
            _done.SetResult(_started);
    }

    private ArgumentBlock MakeEnvironment()
    {
        var block = _environment ??= new ArgumentBlock();
        block.Clear();
        var variables = rules.Variables.Fill(exchange, Place, contentLength);
        Span<byte> room = stackalloc byte[256];
        for (var i = 0; i < variables.Count; i++)
        {
            var variable = variables[i];
            var length = variable.Name.Length + 1;
            var name = length <= room.Length ? room[..length] : new byte[length];
            variable.Name.CopyTo(name);
            name[^1] = (byte)'=';
            block.Add(name, variable.Value);
        }
        return block;
    }

    private void CloseDescriptors()
    {
        foreach (var descriptor in _descriptors)
            descriptor?.Dispose();
        _descriptors = [];
    }
}

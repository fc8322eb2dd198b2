using Gatehouse.Gateways.Peers;
using Gatehouse.Http.Client;
using Gatehouse.Net.Processes;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Gateways.Cgi;

/// <summary>A script's standard input and output, as the connection to a peer: the request's body goes in, the answer comes out.</summary>
internal sealed class CgiConnection : PeerConnection
{
    private readonly Transport _stdout;
    private readonly Transport? _stdin;
    private CgiProcess? _process;

    /// <summary>Opens the pipes. On the reactor.</summary>
    /// <param name="name">How messages call the script.</param>
    /// <param name="timeouts">How long it may be silent.</param>
    /// <param name="hasBody">False for an input that is at its end from the start.</param>
    /// <param name="input">The script's end of its input; null for none.</param>
    /// <param name="output">The script's end of its output.</param>
    public CgiConnection(string name, ClientTimeouts timeouts, bool hasBody, out SafeFileHandle? input, out SafeFileHandle output)
        : base(Reactor.Current!, name, timeouts)
    {
        input = null;
        _stdout = ProcessPipe.OpenReader(Reactor, out output);
        _stdout.Events = this;
        if (!hasBody)
            return;
        _stdin = ProcessPipe.OpenWriter(Reactor, out input);
        _stdin.Events = new InputEvents(this);
        Adopt(_stdin);
    }

    /// <summary>The process at the other end, from when it runs.</summary>
    public void Attach(CgiProcess process) => _process = process;

    /// <inheritdoc/>
    public override void CloseInput() => _stdin?.Close();

    /// <inheritdoc/>
    protected override int Pull(Span<byte> destination)
    {
        var result = _stdout.Read(destination);
        if (result.IsDone)
            return result.Count;
        if (result.IsWouldBlock)
            return -1;
        return result.IsEndOfStream ? 0 : throw BrokenOff($"broke its output ({Net.Errno.Describe(result.Errno)})");
    }

    /// <inheritdoc/>
    protected override void CloseTransport()
    {
        _stdin?.Close();
        _stdout.Close();
        _process?.RequestEnded(HasEnded || IsBodyComplete);
    }

    /// <summary>A script may end or close its input long before its answer is done.</summary>
    private sealed class InputEvents(CgiConnection connection) : ITransportEvents
    {
        public void OnReadable()
        {
        }

        public void OnWritable() => connection.OnWritable();

        public void OnBroken(int errno) => connection.OnInputRefused(errno);
    }
}

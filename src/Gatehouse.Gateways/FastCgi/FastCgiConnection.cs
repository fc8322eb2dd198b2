using Gatehouse.Gateways.Peers;
using Gatehouse.Http.Client;
using Gatehouse.Net.Buffers;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.FastCgi;

namespace Gatehouse.Gateways.FastCgi;

/// <summary>One FastCGI connection. Each request on it has the same id, since it has one at a time.</summary>
internal sealed class FastCgiConnection : PeerConnection
{
    /// <summary>The id of every request.</summary>
    public const int RequestId = 1;

    // Less than this is not worth a system call of its own: it comes along with the next head.
    private const int LeastDirect = 4096;

    private readonly FastCgiPool _pool;
    private readonly FastCgiResponseReader _reader = new();
    private Transport? _transport;
    private InputBuffer _input = null!;

    private FastCgiConnection(FastCgiPool pool)
        : base(pool.Reactor, pool.Name, pool.Timeouts) => _pool = pool;

    /// <inheritdoc/>
    public override int FrameLength => FastCgiRecord.HeadLength;

    /// <inheritdoc/>
    public override int MaxPiece => FastCgiRecord.MaxContent;

    /// <summary>Makes a connection for <paramref name="pool"/>.</summary>
    /// <exception cref="ClientException">It was refused or not made in time.</exception>
    public static async ValueTask<PeerConnection> ConnectAsync(FastCgiPool pool)
    {
        var connection = new FastCgiConnection(pool);
        try
        {
            await connection.ConnectAsync();
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        return connection;
    }

    /// <inheritdoc/>
    public override void FrameBody(Span<byte> frame, int count) => new FastCgiRecord(FastCgiRecordType.Stdin, RequestId, count, 0).Write(frame);

    /// <inheritdoc/>
    public override void EndBody()
    {
        FrameBody(Output.Reserve(FastCgiRecord.HeadLength), 0);
        Output.Commit(FastCgiRecord.HeadLength);
    }

    /// <inheritdoc/>
    public override void Release()
    {
        if (IsClosed)
            return;
        if (!IsClean() || !_pool.TryKeep(this))
        {
            Dispose();
            return;
        }
        EndRequest();
        _input.Unhold();
        IsIdle = true;
        IsReused = true;
        ArmIdleTimer();
    }

    /// <summary>Taken out of the pool.</summary>
    public void Leave() => IsIdle = false;

    /// <inheritdoc/>
    protected override void OnBegin() => _reader.Begin(RequestId);

    /// <inheritdoc/>
    protected override int Pull(Span<byte> destination)
    {
        while (true)
        {
            if (_input.Available > 0)
            {
                // No more than fits, so that all content that is found can be copied.
                var window = _input.Unused;
                if (window.Length > destination.Length)
                    window = window[..destination.Length];
                var step = _reader.Read(window, out var consumed, out var data);
                var content = window.Slice(data.Start, data.Length);
                switch (step)
                {
                    case FastCgiResponseStep.Output:
                        content.CopyTo(destination);
                        _input.Consume(consumed);
                        return data.Length;
                    case FastCgiResponseStep.Error:
                        TakeErrors(content);
                        break;
                    case FastCgiResponseStep.End:
                        _input.Consume(consumed);
                        return End(_reader.Ended.ProtocolStatus);
                    case FastCgiResponseStep.Failed:
                        throw new ClientException(ClientFault.BadResponse, $"{Name} broke the protocol: {_reader.Error}");
                }
                _input.Consume(consumed);
                continue;
            }
            var direct = Math.Min(_reader.DirectLimit, destination.Length);
            var result = direct >= LeastDirect ? _transport!.Read(destination[..direct]) : _input.Fill(out _);
            if (result.IsWouldBlock)
                return -1;
            if (!result.IsDone)
                throw BrokenOff(result.IsEndOfStream ? "ended the connection" : $"broke the connection ({Net.Errno.Describe(result.Errno)})");
            if (direct < LeastDirect)
                continue;
            _reader.Took(result.Count);
            return result.Count;
        }
    }

    /// <inheritdoc/>
    protected override void CloseTransport()
    {
        if (IsIdle)
            _pool.Forget(this);
        IsIdle = false;
        // Null when there was not even a socket.
        if (_transport is null)
            return;
        _transport.Close();
        _input.Release();
    }

    private ValueTask ConnectAsync()
    {
        _transport = Connector.Connect(Reactor, _pool.Endpoint, this);
        Adopt(_transport);
        _input = new InputBuffer(_transport);
        return WaitForConnectionAsync();
    }

    private int End(FastCgiProtocolStatus status) => status switch
    {
        FastCgiProtocolStatus.RequestComplete => 0,
        FastCgiProtocolStatus.Overloaded => throw new ClientException(ClientFault.PoolExhausted, $"{Name} is overloaded, as it says"),
        _ => throw new ClientException(ClientFault.BadResponse, $"{Name} refused the request: {status} (FastCGI 1.0 section 5.5)"),
    };

    // The request's end may have come behind what was used of the answer; then nothing may follow, and a read that finds nothing more makes the transport tell
    // of the peer's end while the connection is at rest.
    private bool IsClean()
    {
        if (IsRequestOpen || Output.HasPending || Errno != 0 || !TryReadOut() || _input.Available > 0)
            return false;
        Span<byte> probe = stackalloc byte[1];
        return _transport!.Read(probe).IsWouldBlock;
    }
}

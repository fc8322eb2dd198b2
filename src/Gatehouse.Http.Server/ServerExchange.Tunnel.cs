using Gatehouse.Protocols;

namespace Gatehouse.Http.Server;

/// <summary>The switch of protocols: after the head of a 101 (or a 2xx to CONNECT) the exchange carries raw bytes.</summary>
internal abstract partial class ServerExchange
{
    private Tunnel? _tunnel;

    /// <summary>True once the protocol was switched.</summary>
    protected bool IsTunnel => _tunnel is not null;

    public override async ValueTask<Duplex> UpgradeAsync()
    {
        if (Response.HasStarted)
            throw new InvalidOperationException("The answer has begun; the protocol can no longer be switched.");
        if (Response.Status != 101 && !(Request.Method == Method.Connect && Response.Status is >= 200 and < 300))
            throw new InvalidOperationException($"A switch of protocols is a 101, or a 2xx to CONNECT; found {Response.Status}.");
        if (Response.Status == 101 && !Request.AsksUpgrade)
            throw new InvalidOperationException("The client did not ask for another protocol (RFC 9110 section 7.8).");
        CheckUpgrade();
        ThrowIfWriting();
        MarkStarted();
        await (Reactor.IsCurrent ? StartTunnel() ? default : WaitToWrite() : _writePost.Post(WriteKind.Upgrade, default, null, 0, 0, null));
        return _tunnel!;
    }

    /// <summary>Throws when this moment is not one to switch protocols.</summary>
    protected virtual void CheckUpgrade()
    {
    }

    /// <summary>Sends the head of the switch; true when it is out.</summary>
    protected abstract bool SendTunnelHead();

    /// <summary>Reads what is there without waiting; false when that is nothing yet.</summary>
    protected abstract bool TryReadTunnel(Span<byte> buffer, out int count);

    /// <summary>Sends bytes; true when they are out.</summary>
    protected abstract bool WriteTunnel(ReadOnlyMemory<byte> data);

    /// <summary>Ends this side; true when that is done.</summary>
    protected abstract bool ShutdownTunnel();

    private bool StartTunnel()
    {
        ThrowIfBroken();
        IsHeadWritten = true;
        IsAnswered = true;
        _tunnel = new Tunnel(this);
        return SendTunnelHead();
    }

    private ValueTask TunnelAsync(WriteKind kind, ReadOnlyMemory<byte> data)
    {
        ThrowIfWriting();
        if (!Reactor.IsCurrent)
            return _writePost.Post(kind, data, null, 0, 0, null);
        return (kind == WriteKind.Shutdown ? ShutdownTunnel() : WriteTunnel(data)) ? default : WaitToWrite();
    }

    private sealed class Tunnel(ServerExchange exchange) : Duplex
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer) => exchange.ReadAsync(buffer);

        public override int TryRead(Span<byte> buffer) => exchange.TryReadTunnel(buffer, out var count) ? count : -1;

        public override ValueTask WaitToReadAsync()
        {
            exchange.ThrowIfBroken();
            // What came since the last look woke nobody.
            if (exchange.HasNews)
                return default;
            exchange._read.Begin(resumeInline: true);
            exchange.AwaitReadable(default);
            return exchange._read.Completion;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> data) => exchange.TunnelAsync(WriteKind.TunnelData, data);

        public override ValueTask ShutdownWriteAsync() => exchange.TunnelAsync(WriteKind.Shutdown, default);

        public override void Abort() => exchange.Abort();
    }
}

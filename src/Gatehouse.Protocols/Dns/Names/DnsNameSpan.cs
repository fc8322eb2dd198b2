namespace Gatehouse.Protocols.Dns.Names;

/// <summary>A name inside a message, perhaps compressed. It was checked when it was read, so that none of its members fails.</summary>
public readonly ref struct DnsNameSpan
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly int _start;

    internal DnsNameSpan(ReadOnlySpan<byte> message, int start, int length)
    {
        _message = message;
        _start = start;
        Length = length;
    }

    /// <summary>Bytes of the name without compression.</summary>
    public int Length { get; }

    /// <summary>True for the root.</summary>
    public bool IsRoot => Length <= 1;

    /// <summary>Offset in the message at which the name's first label stands: names with the same one are the same.</summary>
    public int Offset => Length == 0 ? 0 : Target(_start);

    /// <summary>Writes the name without compression, case kept, and returns its <see cref="Length"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has less room.</exception>
    public int CopyTo(Span<byte> destination)
    {
        if (destination.Length < Length)
            throw new ArgumentException($"Expected room for {Length} bytes; found {destination.Length}.", nameof(destination));
        var (at, written) = (_start, 0);
        while (written < Length)
        {
            at = Target(at);
            var run = _message[at] + 1;
            _message.Slice(at, run).CopyTo(destination[written..]);
            at += run;
            written += run;
        }
        return written;
    }

    /// <summary>True for the same name, without regard to case.</summary>
    /// <param name="wire">A name without compression.</param>
    public bool Is(ReadOnlySpan<byte> wire)
    {
        if (wire.Length != Length)
            return false;
        var at = _start;
        while (!wire.IsEmpty)
        {
            at = Target(at);
            var run = _message[at] + 1;
            if (run > wire.Length || !DnsWireName.AreEqual(_message.Slice(at, run), wire[..run]))
                return false;
            at += run;
            wire = wire[run..];
        }
        return true;
    }

    /// <summary>True for the same name, without regard to case.</summary>
    public bool Is(DnsName name) => Is(name.Wire);

    /// <summary>True for the same name, without regard to case.</summary>
    public bool Is(DnsNameSpan other)
    {
        if (other.Length != Length)
            return false;
        Span<byte> wire = stackalloc byte[DnsWireName.MaxLength];
        return Is(wire[..other.CopyTo(wire)]);
    }

    /// <summary>A copy that outlives the message.</summary>
    public DnsName ToName()
    {
        Span<byte> wire = stackalloc byte[DnsWireName.MaxLength];
        return Length == 0 ? default : DnsName.Of(wire[..CopyTo(wire)]);
    }

    /// <summary>The presentation format, with a final dot.</summary>
    public override string ToString() => ToName().ToString();

    private int Target(int at)
    {
        while (_message[at] >= 0xC0)
            at = ((_message[at] & 0x3F) << 8) | _message[at + 1];
        return at;
    }
}

using Gatehouse.Protocols.Http1;
using Gatehouse.Protocols.ProxyProtocol;

namespace Gatehouse.Fuzz.Targets;

/// <summary>The header of the PROXY protocol: one verdict however it arrives, and what is read is written to be read again.</summary>
internal sealed class ProxyHeaderTarget : IFuzzTarget
{
    public string Name => "proxy-header";

    public IEnumerable<byte[]> Seeds =>
    [
        [.. "PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\nGET / HTTP/1.1\r\n"u8],
        [.. "PROXY TCP6 2001:db8::1 ::1 1 65535\r\n"u8],
        [.. "PROXY UNKNOWN\r\n"u8],
        [.. "\r\n\r\n\0\r\nQUIT\n"u8, 0x21, 0x11, 0, 12, 192, 0, 2, 1, 198, 51, 100, 2, 0xDC, 0x04, 0x01, 0xBB],
        [.. "\r\n\r\n\0\r\nQUIT\n"u8, 0x20, 0, 0, 0],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var status = ProxyHeaderReader.Read(input, out var header, out var length, out var fault);
        Claim.That((status == ParseStatus.Failed) == (fault is not null), "a header that cannot be read has a reason, and no other");
        Claim.That(length <= Math.Min(input.Length, ProxyHeaderReader.MaxLength), "a header is a part of the input");
        if (status != ParseStatus.Done)
            return;
        for (var cut = 0; cut < length; cut++)
            Claim.That(ProxyHeaderReader.Read(input[..cut], out _, out _, out _) == ParseStatus.NeedMore, $"the first {cut} bytes need more");
        if (!header.IsProxied)
            return;
        var again = ProxyHeaderWriter.Version2(header.Source, header.Destination);
        Claim.That(ProxyHeaderReader.Read(again, out var read, out _, out _) == ParseStatus.Done, "what is written can be read");
        Claim.That(header.Source.Address.IsV4Mapped || header.Destination.Address.IsV4Mapped || read == header, "what is written is what was read");
    }
}

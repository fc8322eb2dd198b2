using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Protocols.ProxyProtocol;

/// <summary>
/// Reads the header that a proxy puts in front of a connection: the PROXY protocol of HAProxy's doc/proxy-protocol.txt, version 1 (a line of text) and 2 (binary).
/// </summary>
public static class ProxyHeaderReader
{
    /// <summary>Bytes of the longest header that is read. Version 2 allows 64 KB of further fields; who sends more than fits here is refused.</summary>
    public const int MaxLength = 2048;

    // Section 2.1: "PROXY TCP6 " with two addresses of 39 characters and two ports of 5, and CRLF, is 104 bytes; UNKNOWN may bring it to 107.
    private const int MaxLine = 107;
    private const int FixedBytes = 16;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    private static ReadOnlySpan<byte> Word => "PROXY "u8;

    /// <summary>Reads a header at the front of <paramref name="input"/>, all of which was received so far.</summary>
    /// <param name="input">The first bytes of the connection.</param>
    /// <param name="header">What it says.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="fault">What is wrong with one that cannot be read.</param>
    public static ParseStatus Read(ReadOnlySpan<byte> input, out ProxyHeader header, out int length, out string? fault)
    {
        header = default;
        length = 0;
        fault = null;
        if (input.Length < Signature.Length ? Signature.StartsWith(input) && !input.IsEmpty && input[0] == '\r' : input.StartsWith(Signature))
            return ReadBinary(input, ref header, ref length, ref fault);
        if (input.Length < Word.Length ? Word.StartsWith(input) : input.StartsWith(Word))
            return ReadLine(input, ref header, ref length, ref fault);
        return Fail("expected a PROXY header, found something else", out fault);
    }

    private static ParseStatus ReadBinary(ReadOnlySpan<byte> input, ref ProxyHeader header, ref int length, ref string? fault)
    {
        if (input.Length < FixedBytes)
            return ParseStatus.NeedMore;

        // Section 2.2: the highest four bits of byte 13 are the version, the lowest the command; byte 14 is family and transport; then the length of what follows.
        var (version, command, kind) = (input[12] >> 4, input[12] & 0xF, input[13]);
        if (version != 2 || command > 1)
            return Fail($"expected version 2 and the command LOCAL or PROXY, found byte 0x{input[12]:X2}", out fault);
        var rest = BinaryPrimitives.ReadUInt16BigEndian(input[14..]);
        if (FixedBytes + rest > MaxLength)
            return Fail($"expected a PROXY header of at most {MaxLength} bytes, found one of {FixedBytes + rest}", out fault);
        if (input.Length < FixedBytes + rest)
            return ParseStatus.NeedMore;
        length = FixedBytes + rest;

        // "The receiver must accept this connection as valid and must use the real connection endpoints and discard the protocol block including the family."
        if (command == 0)
            return ParseStatus.Done;
        var body = input[FixedBytes..length];
        switch (kind)
        {
            case 0x11 when body.Length >= 12:
                header = new ProxyHeader(true, At(body, 4, 0, 8), At(body, 4, 4, 10));
                return ParseStatus.Done;
            case 0x21 when body.Length >= 36:
                header = new ProxyHeader(true, At(body, 16, 0, 32), At(body, 16, 16, 34));
                return ParseStatus.Done;
            case 0x11 or 0x21:
                return Fail($"expected {(kind == 0x11 ? 12 : 36)} bytes of addresses, found {body.Length}", out fault);

            // Unspecified, a Unix socket, or datagrams: no address that a TCP connection could have come from.
            case 0x00 or 0x12 or 0x22 or 0x31 or 0x32:
                return ParseStatus.Done;
            default:
                return Fail($"expected a family and transport of version 2, found byte 0x{kind:X2}", out fault);
        }
    }

    private static Endpoint At(ReadOnlySpan<byte> body, int size, int address, int port) =>
        new(IpAddress.FromBytes(body.Slice(address, size)), BinaryPrimitives.ReadUInt16BigEndian(body[port..]));

    private static ParseStatus ReadLine(ReadOnlySpan<byte> input, ref ProxyHeader header, ref int length, ref string? fault)
    {
        var end = input[..Math.Min(input.Length, MaxLine)].IndexOf((byte)'\n');
        if (end < 0)
            return input.Length < MaxLine ? ParseStatus.NeedMore : Fail($"expected a PROXY line of at most {MaxLine} bytes, found no end", out fault);
        if (input[end - 1] != '\r')
            return Fail("expected CRLF at the end of the PROXY line, found LF alone", out fault);
        length = end + 1;
        var line = input[Word.Length..(end - 1)];
        if (line.SequenceEqual("UNKNOWN"u8) || line.StartsWith("UNKNOWN "u8))
            return ParseStatus.Done;

        // "PROXY" SP ("TCP4" / "TCP6") SP source SP destination SP source-port SP destination-port CRLF: single spaces, addresses in canonical form.
        Span<Range> words = stackalloc Range[5];
        if (!TryWords(line, words) || !TryEndpoints(line, words, out var source, out var destination))
            return Fail($"expected 'PROXY TCP4|TCP6 SOURCE DESTINATION PORT PORT', found 'PROXY {Encoding.Latin1.GetString(line)}'", out fault);
        header = new ProxyHeader(true, source, destination);
        return ParseStatus.Done;
    }

    private static bool TryWords(ReadOnlySpan<byte> line, Span<Range> words)
    {
        var count = 0;
        foreach (var word in line.Split((byte)' '))
        {
            if (count == words.Length)
                return false;
            words[count++] = word;
        }

        return count == words.Length;
    }

    private static bool TryEndpoints(ReadOnlySpan<byte> line, Span<Range> words, out Endpoint source, out Endpoint destination)
    {
        source = destination = default;
        var family = line[words[0]];
        var isV6 = family.SequenceEqual("TCP6"u8);
        if (!isV6 && !family.SequenceEqual("TCP4"u8))
            return false;
        if (!IpAddress.TryParse(line[words[1]], out var from) || from.IsV6 != isV6 || !IpAddress.TryParse(line[words[2]], out var to) || to.IsV6 != isV6)
            return false;
        if (!TryPort(line[words[3]], out var fromPort) || !TryPort(line[words[4]], out var toPort))
            return false;
        source = new Endpoint(from, fromPort);
        destination = new Endpoint(to, toPort);
        return true;
    }

    private static bool TryPort(ReadOnlySpan<byte> text, out ushort port) =>
        Utf8Parser.TryParse(text, out port, out var used) && used == text.Length && text[0] is >= (byte)'0' and <= (byte)'9' && (text.Length == 1 || text[0] != '0');

    private static ParseStatus Fail(string reason, out string? fault)
    {
        fault = reason;
        return ParseStatus.Failed;
    }
}

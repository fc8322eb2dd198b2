using System.Runtime.Intrinsics;
using System.Text;

namespace Gatehouse.Protocols.Headers;

/// <summary>From the bytes of a field name to its <see cref="KnownHeader"/> and back.</summary>
public static class KnownHeaders
{
    /// <summary>How many values <see cref="KnownHeader"/> has, <see cref="KnownHeader.None"/> included.</summary>
    public const int Count = (int)KnownHeader.XSendfile + 1;

    /// <summary>Length of the longest name.</summary>
    public const int LongestName = Shape.LongestName;

    // Open addressing over a hash of the first 16 bytes. The factors were searched for so that no two names share a slot: a lookup compares one name at most,
    // and a name added to the enumeration costs a second comparison at worst.
    private const int TableBits = 9;
    private const int TableSize = 1 << TableBits;
    private static readonly byte[][] Names = BuildNames();
    private static readonly byte[][] LowerNames = Array.ConvertAll(Names, name => Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(name).ToLowerInvariant()));
    private static readonly Shape[] Shapes = Array.ConvertAll(Names, name => new Shape(name));
    private static readonly byte[] Table = BuildTable();

    /// <summary>The name in its customary spelling, such as <c>Content-Type</c>; empty for <see cref="KnownHeader.None"/>.</summary>
    public static ReadOnlySpan<byte> Name(KnownHeader header) => Names[(int)header];

    /// <summary>The name in lower case, as HTTP/2 has it (RFC 9113 section 8.2).</summary>
    public static ReadOnlySpan<byte> LowerName(KnownHeader header) => LowerNames[(int)header];

    /// <summary>The known field of that name in any case (RFC 9110 section 5.1), or <see cref="KnownHeader.None"/>.</summary>
    public static KnownHeader Find(ReadOnlySpan<byte> name) => Find(name, 0, name.Length);

    /// <summary>The same for <paramref name="length"/> bytes at <paramref name="start"/>; faster where the buffer goes on for 16 bytes.</summary>
    internal static KnownHeader Find(ReadOnlySpan<byte> buffer, int start, int length)
    {
        if (length is <= 0 or > Shape.LongestName)
            return KnownHeader.None;
        if (!ByteScan.HasBlock(buffer, start, Vector128<byte>.Count))
            return FindCopy(buffer.Slice(start, length));
        var head = Vector128.Create(buffer.Slice(start, Vector128<byte>.Count));
        var tail = length > Vector128<byte>.Count
            ? Vector128.Create(buffer.Slice(start + length - Vector128<byte>.Count, Vector128<byte>.Count))
            : head &= Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)length));
        var slot = Hash(head);
        byte candidate;
        while ((candidate = Table[slot]) != 0)
        {
            if (Shapes[candidate].Matches(head, tail, length))
                return (KnownHeader)candidate;
            slot = (slot + 1) & (TableSize - 1);
        }
        return KnownHeader.None;
    }

    private static KnownHeader FindCopy(ReadOnlySpan<byte> name)
    {
        Span<byte> copy = stackalloc byte[Vector128<byte>.Count];
        copy.Clear();
        name.CopyTo(copy);
        return Find(copy, 0, name.Length);
    }

    private static int Hash(Vector128<byte> head)
    {
        var folded = (head | Vector128.Create((byte)0x20)).AsUInt64();
        return (int)(((folded.ToScalar() * 0x75470dbc9952403b) ^ (folded.GetElement(1) * 0x77d91e6b22e6df23)) >> (64 - TableBits));
    }

    private static byte[] BuildTable()
    {
        var table = new byte[TableSize];
        for (var i = 1; i < Count; i++)
        {
            var slot = Hash(Shapes[i].Head);
            while (table[slot] != 0)
                slot = (slot + 1) & (TableSize - 1);
            table[slot] = (byte)i;
        }
        return table;
    }

    private static byte[][] BuildNames()
    {
        var names = new byte[Count][];
        names[0] = [];
        for (var i = 1; i < Count; i++)
            names[i] = Encoding.ASCII.GetBytes(Spell((KnownHeader)i));
        return names;
    }

    // ContentType becomes Content-Type; the few names with a spelling of their own are listed.
    private static string Spell(KnownHeader header) => header switch
    {
        KnownHeader.ETag => "ETag",
        KnownHeader.TE => "TE",
        KnownHeader.CdnLoop => "CDN-Loop",
        KnownHeader.WwwAuthenticate => "WWW-Authenticate",
        KnownHeader.SecWebSocketAccept => "Sec-WebSocket-Accept",
        KnownHeader.SecWebSocketKey => "Sec-WebSocket-Key",
        KnownHeader.SecWebSocketProtocol => "Sec-WebSocket-Protocol",
        KnownHeader.SecWebSocketVersion => "Sec-WebSocket-Version",
        KnownHeader.XRealIp => "X-Real-IP",
        KnownHeader.XRequestId => "X-Request-ID",
        KnownHeader.XSendfile => "X-Sendfile",
        _ => Hyphenate(header.ToString()),
    };

    private static string Hyphenate(string pascal)
    {
        var text = new StringBuilder(pascal.Length + 4);
        foreach (var c in pascal)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
                text.Append('-');
            text.Append(c);
        }
        return text.ToString();
    }

    /// <summary>
    /// A name of at most 32 bytes as its first and last 16 in lower case (short ones padded with NUL), with the bit that differs between the cases of a
    /// letter.
    /// </summary>
    private readonly struct Shape
    {
        public const int LongestName = 32;
        public readonly Vector128<byte> Head;
        private readonly Vector128<byte> _headCase;
        private readonly Vector128<byte> _tail;
        private readonly Vector128<byte> _tailCase;
        private readonly int _length;

        public Shape(byte[] name)
        {
            Span<byte> lower = stackalloc byte[LongestName];
            Span<byte> letterCase = stackalloc byte[LongestName];
            lower.Clear();
            letterCase.Clear();
            for (var i = 0; i < name.Length; i++)
            {
                letterCase[i] = (byte)(char.IsAsciiLetter((char)name[i]) ? 0x20 : 0);
                lower[i] = (byte)(name[i] | letterCase[i]);
            }
            var tail = Math.Max(name.Length - 16, 0);
            Head = Vector128.Create(lower[..16]);
            _headCase = Vector128.Create(letterCase[..16]);
            _tail = Vector128.Create(lower.Slice(tail, 16));
            _tailCase = Vector128.Create(letterCase.Slice(tail, 16));
            _length = name.Length;
        }

        public bool Matches(Vector128<byte> head, Vector128<byte> tail, int length) =>
            (((head | _headCase) ^ Head) | ((tail | _tailCase) ^ _tail)) == Vector128<byte>.Zero && length == _length;
    }
}

using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Http2.Hpack;

/// <summary>
/// Encodes field blocks (RFC 7541). Fields that return unchanged (Server, Date, Content-Type) go into the dynamic table and take a byte from then on; what is
/// different each time stays out of it, and what is secret is marked never to be indexed (section 7.1.3). One for each connection and direction; allocates
/// nothing in the steady state.
/// </summary>
public sealed class HpackEncoder
{
    /// <summary>What a field takes at most beyond the bytes of its name and value.</summary>
    public const int FieldOverhead = 3 * HpackInteger.MaxBytes;

    /// <summary>What <see cref="Begin"/> writes at most.</summary>
    public const int BeginBytes = 2 * HpackInteger.MaxBytes;

    private const int Buckets = 64;

    private static readonly Policy[] Policies = BuildPolicies();

    private readonly HpackDynamicTable _table = new(Http2Protocol.TableBytes);
    // By hash: the number of the newest entry, plus 1.
    private readonly long[] _buckets = new long[Buckets];
    private int _smallest = Http2Protocol.TableBytes;
    private bool _owesSize;

    private enum Policy : byte
    {
        Literal = 0,
        Indexed,
        Never,
    }

    /// <summary>The peer has set the size of the table that it decodes with. Told to it before the next block (RFC 7541 section 4.2).</summary>
    public void SetPeerTableSize(long size)
    {
        var most = (int)Math.Min(size, Http2Protocol.TableBytes);
        if (most == _table.MaxSize)
            return;
        _table.Resize(most);
        _smallest = Math.Min(_smallest, most);
        _owesSize = true;
    }

    /// <summary>Begins a block: writes what the peer must know first. Returns the number of bytes.</summary>
    public int Begin(Span<byte> to)
    {
        if (!_owesSize)
            return 0;
        _owesSize = false;
        var at = 0;
        if (_smallest < _table.MaxSize)
            at += HpackInteger.Write(to, 5, 0x20, _smallest);
        at += HpackInteger.Write(to[at..], 5, 0x20, _table.MaxSize);
        _smallest = _table.MaxSize;
        return at;
    }

    /// <summary>Writes :status.</summary>
    public static int Status(Span<byte> to, int status)
    {
        var index = status switch { 200 => 8, 204 => 9, 206 => 10, 304 => 11, 400 => 12, 404 => 13, 500 => 14, _ => 0 };
        if (index != 0)
        {
            to[0] = (byte)(0x80 | index);
            return 1;
        }
        to[0] = 0x08;
        to[1] = 3;
        Utf8Formatter.TryFormat(status, to[2..], out _);
        return 5;
    }

    /// <summary>Writes :method.</summary>
    public static int Method(Span<byte> to, ReadOnlySpan<byte> method)
    {
        var index = method.SequenceEqual("GET"u8) ? 2 : method.SequenceEqual("POST"u8) ? 3 : 0;
        return index != 0 ? Index(to, index) : Literal(to, 0x00, 4, 2, method);
    }

    /// <summary>Writes :scheme.</summary>
    public static int Scheme(Span<byte> to, bool isHttps) => Index(to, isHttps ? 7 : 6);

    /// <summary>Writes :path.</summary>
    public static int Path(Span<byte> to, ReadOnlySpan<byte> path) => path is [(byte)'/'] ? Index(to, 4) : Literal(to, 0x00, 4, 4, path);

    /// <summary>Writes :protocol (RFC 8441).</summary>
    public static int Protocol(Span<byte> to, ReadOnlySpan<byte> protocol)
    {
        to[0] = 0x00;
        var at = 1 + String(to[1..], ":protocol"u8);
        return at + String(to[at..], protocol);
    }

    /// <summary>Writes :authority, which the connection's other requests have too.</summary>
    public int Authority(Span<byte> to, ReadOnlySpan<byte> authority) => Indexed(to, Http2FieldKind.Authority, 1, ":authority"u8, authority);

    /// <summary>Writes a field; its name becomes lower case.</summary>
    public int Field(Span<byte> to, HeaderField field) =>
        field.Known != KnownHeader.None ? Field(to, field.Known, field.Value) : Unknown(to, field.Name, field.Value);

    /// <summary>Writes a field.</summary>
    public int Field(Span<byte> to, KnownHeader known, ReadOnlySpan<byte> value)
    {
        var nameIndex = HpackStaticTable.NameIndex(known);
        switch (Policies[(int)known])
        {
            case Policy.Indexed when value.Length <= 256:
                return Indexed(to, (Http2FieldKind)known, nameIndex, KnownHeaders.LowerName(known), value);
            case Policy.Never:
                return nameIndex != 0 ? Literal(to, 0x10, 4, nameIndex, value) : Named(to, 0x10, KnownHeaders.LowerName(known), value);
            default:
                return nameIndex != 0 ? Literal(to, 0x00, 4, nameIndex, value) : Named(to, 0x00, KnownHeaders.LowerName(known), value);
        }
    }

    /// <summary>Writes a field with a decimal value, which is not indexed.</summary>
    public static int Number(Span<byte> to, KnownHeader known, long value)
    {
        var at = HpackInteger.Write(to, 4, 0x00, HpackStaticTable.NameIndex(known));
        Utf8Formatter.TryFormat(value, to[(at + 1)..], out var digits);
        to[at] = (byte)digits;
        return at + 1 + digits;
    }

    private static int Index(Span<byte> to, int index) => HpackInteger.Write(to, 7, 0x80, index);

    private static int Literal(Span<byte> to, byte pattern, int bits, int nameIndex, ReadOnlySpan<byte> value)
    {
        var at = HpackInteger.Write(to, bits, pattern, nameIndex);
        return at + String(to[at..], value);
    }

    private static int Named(Span<byte> to, byte pattern, ReadOnlySpan<byte> lowerName, ReadOnlySpan<byte> value)
    {
        to[0] = pattern;
        var at = 1 + String(to[1..], lowerName);
        return at + String(to[at..], value);
    }

    private static int String(Span<byte> to, ReadOnlySpan<byte> text)
    {
        var encoded = HpackHuffman.EncodedLength(text);
        if (encoded >= text.Length)
        {
            var plain = HpackInteger.Write(to, 7, 0x00, text.Length);
            text.CopyTo(to[plain..]);
            return plain + text.Length;
        }
        var at = HpackInteger.Write(to, 7, 0x80, encoded);
        HpackHuffman.Encode(text, to[at..]);
        return at + encoded;
    }

    // The names that nobody knows have values that nobody knows: they would drive out what returns.
    private static int Unknown(Span<byte> to, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        to[0] = 0x00;
        var at = 1 + HpackInteger.Write(to[1..], 7, 0x00, name.Length);
        Ascii.ToLower(name, to[at..], out var written);
        at += written;
        return at + String(to[at..], value);
    }

    private int Indexed(Span<byte> to, Http2FieldKind kind, int nameIndex, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var hash = Hash(kind, value);
        ref var bucket = ref _buckets[hash & (Buckets - 1)];
        for (var number = bucket - 1; number >= _table.First; number = _table[number].NextInBucket)
        {
            ref readonly var entry = ref _table[number];
            if (entry.Hash == hash && entry.Kind == kind && _table.Value(entry).SequenceEqual(value))
                return Index(to, HpackStaticTable.Last + (int)(_table.Next - number));
        }
        int size;
        if (nameIndex != 0)
        {
            size = Literal(to, 0x40, 6, nameIndex, value);
        }
        else
        {
            size = Named(to, 0x40, name, value);
        }
        if (_table.TryAdd(kind, Http2FieldFaults.None, name, value))
        {
            ref var added = ref _table[_table.Next - 1];
            added.Hash = hash;
            added.NextInBucket = bucket - 1;
            bucket = _table.Next;
        }
        return size;
    }

    private static uint Hash(Http2FieldKind kind, ReadOnlySpan<byte> value)
    {
        var hash = ((ulong)kind << 32) | (uint)value.Length;
        if (value.Length >= 8)
        {
            hash ^= BinaryPrimitives.ReadUInt64LittleEndian(value) * 0x9E37_79B9_7F4A_7C15;
            hash ^= ulong.RotateLeft(BinaryPrimitives.ReadUInt64LittleEndian(value[^8..]) * 0xC2B2_AE3D_27D4_EB4F, 31);
        }
        else
        {
            foreach (var next in value)
                hash = (hash * 31) + next;
        }
        hash *= 0x9E37_79B9_7F4A_7C15;
        return (uint)(hash >> 32);
    }

    private static Policy[] BuildPolicies()
    {
        var policies = new Policy[KnownHeaders.Count];
        Array.Fill(policies, Policy.Indexed);
        foreach (var secret in (ReadOnlySpan<KnownHeader>)[KnownHeader.Authorization, KnownHeader.ProxyAuthorization, KnownHeader.Cookie, KnownHeader.SetCookie])
            policies[(int)secret] = Policy.Never;
        foreach (var changing in (ReadOnlySpan<KnownHeader>)[
            KnownHeader.Age, KnownHeader.ContentDisposition, KnownHeader.ContentLength, KnownHeader.ContentLocation, KnownHeader.ContentRange, KnownHeader.ETag,
            KnownHeader.Expires, KnownHeader.Forwarded, KnownHeader.IfMatch, KnownHeader.IfModifiedSince, KnownHeader.IfNoneMatch, KnownHeader.IfRange,
            KnownHeader.IfUnmodifiedSince, KnownHeader.LastModified, KnownHeader.Link, KnownHeader.Location, KnownHeader.Range, KnownHeader.Referer,
            KnownHeader.RetryAfter, KnownHeader.SecWebSocketAccept, KnownHeader.SecWebSocketKey, KnownHeader.Status, KnownHeader.Traceparent,
            KnownHeader.Tracestate, KnownHeader.XForwardedFor, KnownHeader.XRealIp, KnownHeader.XRequestId,
        ])
            policies[(int)changing] = Policy.Literal;
        return policies;
    }
}

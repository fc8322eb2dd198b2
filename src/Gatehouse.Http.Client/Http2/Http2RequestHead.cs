using Gatehouse.Net.Buffers;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http2;
using Gatehouse.Protocols.Http2.Hpack;

namespace Gatehouse.Http.Client.Http2;

/// <summary>
/// Writes the head of a request as a HEADERS frame, with CONTINUATION frames where one is not enough: begun by <see cref="Http2ClientStream.BeginHead"/>,
/// pseudo-header fields first, then fields, then <see cref="End"/>. What is written is not checked; it comes from a parser or from a list that checks it.
/// </summary>
public ref struct Http2RequestHead
{
    /// <summary>What each part may take beyond its bytes, for the bound.</summary>
    public const int PartOverhead = HpackEncoder.FieldOverhead;

    private readonly Http2ClientStream _stream;
    private readonly HpackEncoder _encoder;
    private readonly OutputBuffer _output;
    private readonly Span<byte> _room;
    private int _at;

    internal Http2RequestHead(Http2ClientStream stream, HpackEncoder encoder, OutputBuffer output, int bound)
    {
        _stream = stream;
        _encoder = encoder;
        _output = output;
        _room = output.Reserve(Http2Protocol.HeaderBytes + HpackEncoder.BeginBytes + (8 * PartOverhead) + bound);
        _at = Http2Protocol.HeaderBytes;
        _at += encoder.Begin(_room[_at..]);
    }

    /// <summary>:method, :scheme, :authority and :path; of CONNECT only the first and third are sent.</summary>
    public void Line(scoped ReadOnlySpan<byte> method, bool isHttps, scoped ReadOnlySpan<byte> authority, scoped ReadOnlySpan<byte> path, scoped ReadOnlySpan<byte> protocol = default)
    {
        _at += HpackEncoder.Method(_room[_at..], method);
        if (!path.IsEmpty)
        {
            _at += HpackEncoder.Scheme(_room[_at..], isHttps);
            _at += HpackEncoder.Path(_room[_at..], path);
        }
        _at += _encoder.Authority(_room[_at..], authority);
        if (!protocol.IsEmpty)
            _at += HpackEncoder.Protocol(_room[_at..], protocol);
    }

    /// <summary>A field.</summary>
    public void Field(HeaderField field) => _at += _encoder.Field(_room[_at..], field);

    /// <summary>A field.</summary>
    public void Field(KnownHeader known, scoped ReadOnlySpan<byte> value) => _at += _encoder.Field(_room[_at..], known, value);

    /// <summary>A field with a decimal value.</summary>
    public void Number(KnownHeader known, long value) => _at += HpackEncoder.Number(_room[_at..], known, value);

    /// <summary>The head is complete; <paramref name="isLast"/> when no body follows.</summary>
    public readonly void End(bool isLast)
    {
        Http2HeaderFrames.Commit(_output, _room, _at, _stream.Id, isLast);
        _stream.OnHeadWritten(isLast);
    }
}

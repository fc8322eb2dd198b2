using System.Buffers;

namespace Gatehouse.Http.Content;

/// <summary>
/// Decodes a coded body as it arrives: each call gives all that its input makes known. A body of no bytes at all is taken for empty content, as
/// clients do. Anything but identity has one; several codings of one body are several decoders in a row.
/// </summary>
public abstract class ContentDecoder : IBodyTransform
{
    private readonly ContentCoding _coding;
    private readonly DecodingLimits _limits;
    private long _consumed;
    private long _produced;

    private protected ContentDecoder(ContentCoding coding, DecodingLimits limits)
    {
        _coding = coding;
        _limits = limits;
    }

    /// <summary>A decoder for one body.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The coding is identity.</exception>
    public static ContentDecoder Create(ContentCoding coding, DecodingLimits limits) => coding switch
    {
        ContentCoding.Gzip or ContentCoding.Deflate => new ZlibDecoder(coding, limits),
        ContentCoding.Brotli => new BrotliBodyDecoder(limits),
        ContentCoding.Zstandard => new ZstdDecoder(limits),
        _ => throw new ArgumentOutOfRangeException(nameof(coding), coding, "Expected a coding other than identity."),
    };

    /// <inheritdoc/>
    /// <exception cref="ContentDecodingException">The content is malformed, ended too early, or is too large.</exception>
    public void Transform(ReadOnlySpan<byte> input, bool last, IBufferWriter<byte> output)
    {
        _consumed += input.Length;
        if (!input.IsEmpty)
            Decode(input, output);
        if (last && _consumed > 0 && !IsComplete())
            throw Malformed($"the content ends too early, after {_consumed} bytes");
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    private protected abstract void Decode(ReadOnlySpan<byte> input, IBufferWriter<byte> output);

    /// <summary>Asked once, after the last input: true when the coded form came to its own end.</summary>
    private protected abstract bool IsComplete();

    /// <summary>Hands decoded bytes on. The decoders produce at most 16 KB at a time, so that a limit is noticed before much is held.</summary>
    private protected void Advance(IBufferWriter<byte> output, int count)
    {
        output.Advance(count);
        _produced += count;
        if (_produced > _limits.MaxLength)
            throw new ContentDecodingException($"{Name} content decodes to more than the {_limits.MaxLength} bytes that are allowed", isLimit: true);
        if (_produced > DecodingLimits.FreeLength && (_produced - DecodingLimits.FreeLength) / _limits.MaxRatio > _consumed)
        {
            throw new ContentDecodingException(
                $"{Name} content decodes to more than {_limits.MaxRatio} times its length ({_consumed} bytes became {_produced})", isLimit: true);
        }
    }

    private protected static Span<byte> Room(IBufferWriter<byte> output)
    {
        var room = output.GetSpan(4096);
        return room.Length > 16 * 1024 ? room[..(16 * 1024)] : room;
    }

    private protected ContentDecodingException Malformed(string what, Exception? cause = null) =>
        new($"malformed {Name} content: {what}", isLimit: false, cause);

    private string Name => System.Text.Encoding.ASCII.GetString(ContentCodings.Name(_coding));
}

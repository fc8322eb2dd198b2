using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Http1;

/// <summary>
/// Takes the content of one message out of the bytes behind its head, by whichever framing it has (RFC 9112 section 6). Pure: whoever reads the
/// connection hands over bytes, or asks how many it may read straight into the consumer's buffer.
/// </summary>
public sealed class Http1BodyDecoder
{
    private Http1ChunkedDecoder? _chunked;
    private Http1Limits? _limits;
    private BodyFraming _framing;
    private long _left;

    /// <summary>True when the whole body has been taken.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Bytes of content taken so far.</summary>
    public long Received { get; private set; }

    /// <summary>The fault after <see cref="Take"/> answered -1.</summary>
    public Http1Error? Error { get; private set; }

    /// <summary>The fields behind a chunked body, once complete; null when there were none.</summary>
    public HeaderTable? Trailers => _framing == BodyFraming.Chunked ? _chunked!.Trailers : null;

    /// <summary>True when the end of the connection is the end of the body.</summary>
    public bool EndsWithConnection => _framing == BodyFraming.UntilClose;

    /// <summary>Starts with the body of the next message.</summary>
    /// <param name="framing">How its end is found.</param>
    /// <param name="contentLength">Its length, for <see cref="BodyFraming.Length"/>.</param>
    /// <param name="limits">Limits for chunk lines and trailers.</param>
    public void Begin(BodyFraming framing, long contentLength, Http1Limits limits)
    {
        _framing = framing;
        _left = framing == BodyFraming.Length ? contentLength : 0;
        Received = 0;
        Error = null;
        IsComplete = framing == BodyFraming.None || (framing == BodyFraming.Length && contentLength == 0);
        if (framing != BodyFraming.Chunked)
            return;
        // Made when a chunked body first comes along: most connections never see one.
        if (_chunked is null || !ReferenceEquals(_limits, limits))
            _chunked = new Http1ChunkedDecoder(_limits = limits);
        else
            _chunked.Reset();
    }

    /// <summary>How many of <paramref name="wanted"/> bytes may be read from the connection straight into the consumer's buffer; 0 when framing stands between.</summary>
    public int DirectLimit(int wanted) => _framing switch
    {
        _ when IsComplete => 0,
        BodyFraming.Length => (int)Math.Min(wanted, _left),
        BodyFraming.UntilClose => wanted,
        _ => 0,
    };

    /// <summary>Counts bytes that were read straight into the consumer's buffer.</summary>
    public void Took(int count)
    {
        Received += count;
        if (_framing != BodyFraming.Length)
            return;
        _left -= count;
        IsComplete = _left == 0;
    }

    /// <summary>The connection ended: completes a body that ends with it. False when the body is cut short.</summary>
    public bool TryEnd()
    {
        if (_framing == BodyFraming.UntilClose)
            IsComplete = true;
        return IsComplete;
    }

    /// <summary>
    /// Copies content from <paramref name="input"/> to <paramref name="destination"/>. Answers the bytes copied; 0 with all of the input consumed when more is
    /// needed, or when the body is complete; -1 when the framing is broken (<see cref="Error"/>).
    /// </summary>
    public int Take(ReadOnlySpan<byte> input, Span<byte> destination, out int consumed)
    {
        consumed = 0;
        if (_framing != BodyFraming.Chunked)
        {
            consumed = Math.Min(DirectLimit(destination.Length), input.Length);
            input[..consumed].CopyTo(destination);
            Took(consumed);
            return consumed;
        }
        while (!IsComplete && consumed < input.Length && !destination.IsEmpty)
        {
            // A slice of data is never longer than its input, so a window of the destination's length always fits.
            var window = input.Slice(consumed, Math.Min(input.Length - consumed, destination.Length));
            var status = _chunked!.Decode(window, out var used, out var data);
            if (status == ParseStatus.Failed)
            {
                Error = _chunked!.Error;
                return -1;
            }
            consumed += used;
            IsComplete = status == ParseStatus.Done;
            if (data.Length == 0)
                continue;
            window.Slice(data.Start, data.Length).CopyTo(destination);
            Received += data.Length;
            return data.Length;
        }
        return 0;
    }
}

using Gatehouse.Http.Urls;

namespace Gatehouse.Http.Forms;

/// <summary>Fills a form from an urlencoded body as it comes: holds no more of the body than a pair that is not complete.</summary>
internal sealed class UrlEncodedForm(Form form, FormLimits limits)
{
    private const int LeastRoom = 4 * 1024;

    private byte[] _buffer = new byte[LeastRoom];
    private int _held;
    private long _fieldBytes;

    /// <summary>Where to read the next bytes to.</summary>
    public Memory<byte> Room()
    {
        // What is held is one pair, with its equals sign.
        if (_held > limits.FieldBytes + 1L)
            throw FormReader.OverLimit(nameof(FormLimits.FieldBytes), limits.FieldBytes, "bytes");
        if (_buffer.Length - _held < LeastRoom)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        return _buffer.AsMemory(_held);
    }

    /// <summary>Goes on with <paramref name="count"/> bytes in the room.</summary>
    public void Take(int count)
    {
        // Only a separator among the new bytes completes a pair: looking at those alone keeps a long field in small pieces linear.
        var isComplete = _buffer.AsSpan(_held, count).Contains((byte)'&');
        _held += count;
        if (isComplete)
            Read(isFinal: false);
    }

    /// <summary>Takes the last field, at the end of the body.</summary>
    public void Finish() => Read(isFinal: true);

    private void Read(bool isFinal)
    {
        var reader = new FormUrlEncodedReader(_buffer.AsSpan(0, _held), isFinal, int.MaxValue);
        while (reader.TryRead(out var pair))
        {
            if (form.Fields.Count == limits.Fields)
                throw FormReader.OverLimit(nameof(FormLimits.Fields), limits.Fields, "fields");
            var length = pair.RawName.Length + pair.RawValue.Length;
            if (length > limits.FieldBytes)
                throw FormReader.OverLimit(nameof(FormLimits.FieldBytes), limits.FieldBytes, "bytes");
            _fieldBytes += length;
            if (_fieldBytes > limits.AllFieldBytes)
                throw FormReader.OverLimit(nameof(FormLimits.AllFieldBytes), limits.AllFieldBytes, "bytes");
            form.Add(new FormField(pair.GetName(), pair.GetValue()));
        }
        _held -= reader.Consumed;
        _buffer.AsSpan(reader.Consumed, _held).CopyTo(_buffer);
    }
}

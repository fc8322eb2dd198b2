using System.Text;

namespace Gatehouse.Http.Forms;

/// <summary>
/// Makes a form of a multipart/form-data body as it comes (RFC 7578). A part with a filename is a file, any other a field. What the RFC asks of a sender is
/// asked: each part has a name (section 4.2), and none a Content-Transfer-Encoding that changes its bytes (section 4.7). Any disposition type is taken for
/// form-data.
/// </summary>
internal sealed class MultipartForm : IDisposable
{
    private readonly MultipartReader _reader;
    private readonly FormLimits _limits;
    private readonly Form _form = new();
    private byte[] _field = new byte[256];
    private int _fieldLength;
    private long _fieldBytes;
    private FormFileSpool? _file;

    public MultipartForm(ReadOnlySpan<byte> boundary, FormLimits limits)
    {
        _limits = limits;
        _reader = new MultipartReader(boundary, new MultipartLimits { PartHeadBytes = limits.PartHeadBytes, Parts = limits.Fields + limits.Files });
    }

    /// <summary>Goes on with bytes of the body.</summary>
    public async ValueTask TakeAsync(ReadOnlyMemory<byte> bytes)
    {
        while (true)
        {
            var happened = Read(ref bytes);
            if (happened == MultipartEvent.NeedMore)
                return;
            if (happened == MultipartEvent.Failed)
                throw Fault();
            if (_file is { IsFull: true })
                await _file.FlushAsync();
            if (happened == MultipartEvent.PartEnd)
                await EndPartAsync();
        }
    }

    /// <summary>The form, at the end of the body.</summary>
    public Form Finish() => _reader.Complete() == MultipartEvent.End ? _form : throw Fault();

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _form.Dispose();
    }

    private MultipartEvent Read(ref ReadOnlyMemory<byte> bytes)
    {
        var input = bytes.Span;
        var happened = _reader.Read(ref input, out var data);
        bytes = bytes[^input.Length..];
        if (happened == MultipartEvent.Part)
            BeginPart();
        else if (happened == MultipartEvent.Data && _file is not null)
            _file.Append(data);
        else if (happened == MultipartEvent.Data)
            AppendToField(data);
        return happened;
    }

    private void BeginPart()
    {
        var part = _reader.Part;
        if (!part.HasName)
            throw new BadRequestException("Each part of a form must have a Content-Disposition with a name (RFC 7578 section 4.2).");
        if (part.Headers.TryGet("Content-Transfer-Encoding"u8, out var encoding) && !IsIdentity(encoding))
            throw new BadRequestException("A part of a form must not have a Content-Transfer-Encoding other than 7bit, 8bit or binary (RFC 7578 section 4.7).");
        if (part.HasFileName)
        {
            if (_form.Files.Count == _limits.Files)
                throw FormReader.OverLimit(nameof(FormLimits.Files), _limits.Files, "files");
            _file = new FormFileSpool(_limits.FileMemoryBytes, _limits.SpoolFolder);
            return;
        }
        if (_form.Fields.Count == _limits.Fields)
            throw FormReader.OverLimit(nameof(FormLimits.Fields), _limits.Fields, "fields");
        _fieldLength = 0;
        CountField(part.Name.Length);
    }

    private void AppendToField(ReadOnlySpan<byte> data)
    {
        if (_reader.Part.Name.Length + _fieldLength + (long)data.Length > _limits.FieldBytes)
            throw FormReader.OverLimit(nameof(FormLimits.FieldBytes), _limits.FieldBytes, "bytes");
        CountField(data.Length);
        if (_fieldLength + data.Length > _field.Length)
            Array.Resize(ref _field, Math.Max(_fieldLength + data.Length, _field.Length * 2));
        data.CopyTo(_field.AsSpan(_fieldLength));
        _fieldLength += data.Length;
    }

    private void CountField(int bytes)
    {
        _fieldBytes += bytes;
        if (_fieldBytes > _limits.AllFieldBytes)
            throw FormReader.OverLimit(nameof(FormLimits.AllFieldBytes), _limits.AllFieldBytes, "bytes");
    }

    private async ValueTask EndPartAsync()
    {
        var part = _reader.Part;
        var name = Encoding.UTF8.GetString(part.Name);
        var contentType = part.ContentType.IsEmpty ? null : Encoding.UTF8.GetString(part.ContentType);
        if (_file is null)
        {
            _form.Add(new FormField(name, FormCharset.Find(part.Charset).GetString(_field, 0, _fieldLength), contentType));
            return;
        }
        var file = await _file.FinishAsync(name, Encoding.UTF8.GetString(part.FileName), contentType);
        _file = null;

        // What browsers send for a file input in which no file was chosen (HTML, constructing the entry list).
        if (file is { FileName: "", Length: 0 })
            file.Dispose();
        else
            _form.Add(file);
    }

    private BadRequestException Fault()
    {
        var error = _reader.Error!;
        return new BadRequestException(error.Status, $"Multipart form, byte {error.Offset}: {error.Message}.");
    }

    private static bool IsIdentity(ReadOnlySpan<byte> encoding) =>
        Ascii.EqualsIgnoreCase(encoding, "binary"u8) || Ascii.EqualsIgnoreCase(encoding, "8bit"u8) || Ascii.EqualsIgnoreCase(encoding, "7bit"u8);
}

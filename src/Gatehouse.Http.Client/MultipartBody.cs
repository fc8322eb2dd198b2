using System.Buffers;
using System.Security.Cryptography;
using Gatehouse.Http.Forms;

namespace Gatehouse.Http.Client;

/// <summary>
/// A form with files (multipart/form-data, RFC 7578), streamed as it is sent. Add its parts, then send it; parts go in the order they were added.
/// </summary>
public sealed class MultipartBody : RequestBody
{
    private readonly string _boundary = "----GatehouseFormBoundary" + RandomNumberGenerator.GetHexString(32, lowercase: true);
    private readonly List<Part> _parts = [];

    /// <summary>A form without parts.</summary>
    public MultipartBody() => ContentType = new MultipartWriter(new ArrayBufferWriter<byte>(), _boundary).ContentType;

    /// <inheritdoc/>
    public override long? Length
    {
        get
        {
            var framing = new ArrayBufferWriter<byte>();
            var writer = new MultipartWriter(framing, _boundary);
            var contents = 0L;
            foreach (var part in _parts)
            {
                Begin(writer, part);
                if (part.Open is null)
                    continue;
                contents += part.Length;
                writer.EndFile();
            }
            writer.Finish();
            return framing.WrittenCount + contents;
        }
    }

    /// <inheritdoc/>
    public override bool IsReplayable => true;

    /// <summary>Adds a field.</summary>
    public void AddField(string name, string value) => _parts.Add(new Part(name, value, "", null, 0));

    /// <summary>Adds a file whose content lies in memory, and must stay as it is while the form is sent.</summary>
    public void AddFile(string name, string fileName, string contentType, byte[] content) =>
        _parts.Add(new Part(name, fileName, contentType, () => new MemoryStream(content, writable: false), content.Length));

    /// <summary>Adds a file of this machine, which is opened when it is sent and must keep its length until then.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public void AddFile(string name, string path, string contentType) =>
        _parts.Add(new Part(name, Path.GetFileName(path), contentType, () => File.OpenRead(path), new FileInfo(path).Length));

    /// <inheritdoc/>
    public override async Task WriteToAsync(Stream output, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(output);
        var framing = new ArrayBufferWriter<byte>();
        var writer = new MultipartWriter(framing, _boundary);
        foreach (var part in _parts)
        {
            Begin(writer, part);
            if (part.Open is null)
                continue;
            await FlushAsync();
            await using (var content = part.Open())
                await content.CopyToAsync(output, cancellation);
            writer.EndFile();
        }
        writer.Finish();
        await FlushAsync();

        async ValueTask FlushAsync()
        {
            await output.WriteAsync(framing.WrittenMemory, cancellation);
            framing.ResetWrittenCount();
        }
    }

    private static void Begin(MultipartWriter writer, Part part)
    {
        if (part.Open is null)
            writer.WriteField(part.Name, part.Value);
        else
            writer.BeginFile(part.Name, part.Value, part.ContentType);
    }

    /// <summary>A field with its value, or with <paramref name="Open"/> a file with its name.</summary>
    private sealed record Part(string Name, string Value, string ContentType, Func<Stream>? Open, long Length);
}

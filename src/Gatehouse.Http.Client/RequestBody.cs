using System.Buffers;
using System.Text;
using Gatehouse.Http.Client.Exchanges;
using Gatehouse.Http.Urls;

namespace Gatehouse.Http.Client;

/// <summary>What a request carries. Written on the thread pool, while the response may already be coming, as fast as the server takes it.</summary>
public abstract class RequestBody
{
    /// <summary>Its bytes; null when that is not known beforehand, and it is sent in chunks (RFC 9112 section 7.1).</summary>
    public abstract long? Length { get; }

    /// <summary>True when it can be written a second time, for a redirect that keeps the method or a connection that turned out to be closed.</summary>
    public abstract bool IsReplayable { get; }

    /// <summary>The Content-Type that is sent when the request's fields have none; null for none.</summary>
    public string? ContentType { get; protected init; }

    /// <summary>Writes the body.</summary>
    /// <param name="output">Takes it; each write completes when the server has taken what came before.</param>
    /// <param name="cancellation">Cancelled when nobody wants the rest.</param>
    public abstract Task WriteToAsync(Stream output, CancellationToken cancellation);

    /// <summary>A body of bytes that lie in memory, which must stay as they are while the request is sent.</summary>
    public static RequestBody FromBytes(ReadOnlyMemory<byte> bytes, string? contentType = null) => new BytesBody(bytes, contentType);

    /// <summary>A body of text in UTF-8.</summary>
    public static RequestBody FromText(string text, string contentType = "text/plain; charset=utf-8") =>
        new BytesBody(Encoding.UTF8.GetBytes(text), contentType);

    /// <summary>Name and value pairs as application/x-www-form-urlencoded.</summary>
    public static RequestBody FromForm(params IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var text = new ArrayBufferWriter<byte>();
        var writer = new FormUrlEncodedWriter(text);
        foreach (var (name, value) in pairs)
            writer.Write(name, value);
        return new BytesBody(text.WrittenMemory, "application/x-www-form-urlencoded");
    }

    /// <summary>What a stream has from where it stands. It is not disposed of, and can be sent again when it can seek.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="length">Its bytes, where it cannot tell them itself.</param>
    /// <param name="contentType">The Content-Type.</param>
    public static RequestBody FromStream(Stream stream, long? length = null, string? contentType = null) => new StreamBody(stream, length, contentType);

    /// <summary>What a function writes, for bodies that are made while they are sent.</summary>
    /// <param name="write">Writes the body.</param>
    /// <param name="length">Its bytes, when that is known.</param>
    /// <param name="contentType">The Content-Type.</param>
    /// <param name="isReplayable">True when the function writes the same each time.</param>
    public static RequestBody FromWriter(
        Func<Stream, CancellationToken, Task> write, long? length = null, string? contentType = null, bool isReplayable = false) =>
        new WrittenBody(write, length, contentType, isReplayable);

    private sealed class StreamBody : RequestBody
    {
        private readonly Stream _stream;
        private readonly long _start;

        public StreamBody(Stream stream, long? length, string? contentType)
        {
            _stream = stream;
            _start = stream.CanSeek ? stream.Position : 0;
            Length = length ?? (stream.CanSeek ? stream.Length - _start : null);
            ContentType = contentType;
        }

        public override long? Length { get; }

        public override bool IsReplayable => _stream.CanSeek;

        public override Task WriteToAsync(Stream output, CancellationToken cancellation)
        {
            if (_stream.CanSeek)
                _stream.Position = _start;
            return _stream.CopyToAsync(output, cancellation);
        }
    }

    private sealed class WrittenBody : RequestBody
    {
        private readonly Func<Stream, CancellationToken, Task> _write;

        public WrittenBody(Func<Stream, CancellationToken, Task> write, long? length, string? contentType, bool isReplayable)
        {
            _write = write;
            Length = length;
            ContentType = contentType;
            IsReplayable = isReplayable;
        }

        public override long? Length { get; }

        public override bool IsReplayable { get; }

        public override Task WriteToAsync(Stream output, CancellationToken cancellation) => _write(output, cancellation);
    }
}

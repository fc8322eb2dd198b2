using System.Text;
using Gatehouse.Http.Client.Exchanges;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Http.Content;
using Gatehouse.Http.Urls;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Client;

/// <summary>
/// The answer to a <see cref="ClientRequest"/>: its head, and its body as it comes. Dispose of it: a connection whose body is not read to its end is closed
/// then.
/// </summary>
public sealed class ClientResponse : IDisposable, IAsyncDisposable
{
    // What is read of the body of a response that nobody wants, to keep its connection; more costs more than a new one.
    private const int MaxDiscard = 64 * 1024;

    private readonly int _maxBufferedBytes;

    /// <summary>Takes over the connection and the exchange. On the reactor.</summary>
    internal ClientResponse(
        Reactor reactor, Http1ClientConnection connection, ClientExchange exchange, RequesterOptions options, Url url, int redirects, Deadline deadline)
    {
        var head = connection.Response;
        Url = url;
        Redirects = redirects;
        RemoteEndpoint = connection.Endpoint;
        IsReused = connection.IsReused;
        Timing = exchange.Timing;
        Status = head.Status;
        Reason = ClientExchange.ReasonOf(connection);
        Version = head.MinorVersion == 0 ? HttpVersion.Http10 : HttpVersion.Http11;
        ContentLength = head.ContentLength < 0 ? null : head.ContentLength;
        ClientExchange.Copy(head.Headers, Headers);
        _maxBufferedBytes = options.MaxBufferedBytes;
        if (head.IsTunnel)
        {
            Tunnel = new TunnelStream(reactor, connection, exchange, deadline);
            Body = Stream.Null;
            return;
        }
        // The body may be over, and the connection at rest again, from here on.
        Body = new ResponseBody(reactor, connection, exchange, options.MaxBodyBytes, Trailers, deadline);
        if (options.Decodes && Status != 206)
            Body = ContentDecoding.Decode(Body, Headers, options.MaxBodyBytes);
    }

    /// <summary>The URL that answered: that of the request, or the one that the last redirect led to.</summary>
    public Url Url { get; }

    /// <summary>Redirects that led here.</summary>
    public int Redirects { get; }

    /// <summary>The address or Unix socket that the connection went to.</summary>
    public Endpoint RemoteEndpoint { get; }

    /// <summary>True when the connection had been used before.</summary>
    public bool IsReused { get; }

    /// <summary>When the steps were done.</summary>
    public ClientTiming Timing { get; }

    /// <summary>The status code, 100 to 999.</summary>
    public int Status { get; }

    /// <summary>The reason phrase; often empty, and of no meaning.</summary>
    public string Reason { get; }

    /// <summary>The protocol's version.</summary>
    public HttpVersion Version { get; }

    /// <summary>The fields as received: those that tell of a content coding or a length tell of the body before it is decoded.</summary>
    public HeaderList Headers { get; } = new();

    /// <summary>The fields behind a chunked body (RFC 9110 section 6.5), once it is read to its end; empty when there are none.</summary>
    public HeaderList Trailers { get; } = new();

    /// <summary>
    /// The length of the body before it is decoded; 0 when there is none (also for a response to HEAD), null when it is not known beforehand.
    /// </summary>
    public long? ContentLength { get; }

    /// <summary>
    /// The body, to be read once: each read gives what is there and waits for at least one byte. What it throws is a <see cref="ClientException"/> for a
    /// connection that broke, or a body that is malformed, too long or late.
    /// </summary>
    public Stream Body { get; }

    /// <summary>After a 101 (Switching Protocols): the connection both ways, in the protocol that the server chose. Else null.</summary>
    public Stream? Tunnel { get; }

    /// <summary>The first value of a field as text; null when there is none.</summary>
    public string? this[string name] =>
        Headers.TryGet(Encoding.ASCII.GetBytes(name), out var value) ? Encoding.UTF8.GetString(value) : null;

    /// <summary>Reads the whole body.</summary>
    /// <exception cref="ClientException">It cannot be read, or is longer than <see cref="RequesterOptions.MaxBufferedBytes"/>.</exception>
    public async Task<byte[]> ReadBytesAsync(CancellationToken cancellation = default)
    {
        using var collected = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await Body.ReadAsync(buffer, cancellation)) > 0)
        {
            if (collected.Length + count > _maxBufferedBytes)
            {
                throw new ClientException(
                    ClientFault.BadResponse, $"the response's body is longer than the {_maxBufferedBytes} bytes that may be collected in memory");
            }
            collected.Write(buffer, 0, count);
        }
        return collected.ToArray();
    }

    /// <summary>Reads the whole body as text in the charset that Content-Type names; UTF-8 when it names none or one that is not known.</summary>
    /// <exception cref="ClientException">It cannot be read, or is longer than <see cref="RequesterOptions.MaxBufferedBytes"/>.</exception>
    public async Task<string> ReadTextAsync(CancellationToken cancellation = default) => Charset().GetString(await ReadBytesAsync(cancellation));

    /// <summary>Reads what is left of a short body, so that the connection can be used again, and closes otherwise.</summary>
    internal async ValueTask DiscardAsync(CancellationToken cancellation)
    {
        var buffer = new byte[8 * 1024];
        try
        {
            var left = ContentLength > MaxDiscard ? 0 : MaxDiscard;
            while (left > 0 && await Body.ReadAsync(buffer, cancellation) is > 0 and var count)
                left -= count;
        }
        catch (ClientException)
        {
            // Then it is closed; what the body would have said does not matter.
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Closes the connection if the body was not read to its end.</summary>
    public void Dispose()
    {
        Body.Dispose();
        Tunnel?.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private Encoding Charset()
    {
        if (!Headers.TryGet(KnownHeader.ContentType, out var text) || !MediaType.TryParse(text, out var type)
            || !type.TryGetParameter("charset"u8, out var charset))
            return Encoding.UTF8;
        try
        {
            return Encoding.GetEncoding(Encoding.ASCII.GetString(charset));
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }
}

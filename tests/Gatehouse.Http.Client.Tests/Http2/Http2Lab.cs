using System.Buffers.Binary;
using System.Text;
using Gatehouse.Http.Client.Http2;
using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Client.Tests.Http2;

/// <summary>What one request got.</summary>
internal sealed record Http2Answer(int Status, string Body, string Trailers, List<int> Interims);

/// <summary>A reactor with a pool of HTTP/2, and requests over it.</summary>
internal sealed class Http2Lab(Endpoint endpoint, ClientTimeouts? timeouts = null) : IAsyncDisposable
{
    private readonly ReactorGroup _group = ReactorGroup.StartNew(1);
    private Http2ConnectionPool? _pool;

    public Reactor Reactor => _group.Reactors[0];

    public Http2ConnectionPool Pool => _pool ??= new Http2ConnectionPool(Reactor, endpoint, timeouts);

    public Task<Http2Answer> AskAsync(string path = "/", string method = "GET", byte[]? body = null) => Reactor.RunAsync(() => AskHereAsync(path, method, body));

    /// <summary>On the reactor.</summary>
    public async Task<Http2Answer> AskHereAsync(string path = "/", string method = "GET", byte[]? body = null)
    {
        var stream = Pool.Open();
        try
        {
            WriteHead(stream, method, path, isLast: body is null);
            if (body is not null)
                await stream.WriteAsync(body, isLast: true);
            return await ReadAsync(stream);
        }
        finally
        {
            stream.Release();
        }
    }

    public static void WriteHead(Http2ClientStream stream, string method, string path, bool isLast)
    {
        var name = Encoding.ASCII.GetBytes(method);
        var head = stream.BeginHead(Methods.Find(name), 1000 + path.Length);
        head.Line(name, isHttps: false, "test.example"u8, Encoding.ASCII.GetBytes(path));
        head.Field(KnownHeader.Accept, "*/*"u8);
        head.End(isLast);
    }

    public static async Task<Http2Answer> ReadAsync(Http2ClientStream stream)
    {
        var interims = new List<int>();
        await stream.ReadHeadAsync();
        while (stream.Response.IsInterim)
        {
            interims.Add(stream.Response.Status);
            stream.NextHead();
            await stream.ReadHeadAsync();
        }
        var status = stream.Response.Status;
        var body = new StringBuilder();
        var buffer = new byte[1000];
        int count;
        while ((count = stream.TryReadBody(buffer)) != 0)
        {
            if (count < 0)
                await stream.WaitForBodyAsync();
            else
                body.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        var trailers = "";
        for (var i = 0; i < (stream.Trailers?.Count ?? 0); i++)
            trailers += $"{Encoding.ASCII.GetString(stream.Trailers![i].Name)}={Encoding.ASCII.GetString(stream.Trailers![i].Value)};";
        return new Http2Answer(status, body.ToString(), trailers, interims);
    }

    public async ValueTask DisposeAsync()
    {
        await Reactor.Run(() =>
        {
            Pool.Close();
            return true;
        });
        _group.Dispose();
    }

    /// <summary>A frame as bytes.</summary>
    public static byte[] Frame(byte type, byte flags, int stream, params byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, (payload.Length << 8) | type);
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    /// <summary>Reads a client's preface and frames up to the first HEADERS; answers with settings and an acknowledgement. Returns the stream's identifier.</summary>
    public static async Task<int> GreetAsync(ServerSide side, params byte[] settings)
    {
        await side.ReadAsync(24);
        await side.SendAsync(Frame(4, 0, 0, settings));
        return await ReadHeadersAsync(side);
    }

    /// <summary>Reads frames up to a HEADERS.</summary>
    public static async Task<int> ReadHeadersAsync(ServerSide side)
    {
        while (true)
        {
            var (type, flags, stream) = await ReadFrameAsync(side);
            if (type == 4 && flags == 0)
                await side.SendAsync(Frame(4, 1, 0));
            if (type == 1)
                return stream;
        }
    }

    public static async Task<(byte Type, byte Flags, int Stream)> ReadFrameAsync(ServerSide side)
    {
        var head = Encoding.Latin1.GetBytes(await side.ReadAsync(9));
        var first = BinaryPrimitives.ReadUInt32BigEndian(head);
        await side.ReadAsync((int)(first >> 8));
        return ((byte)first, head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)));
    }
}

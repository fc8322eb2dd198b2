using System.Text;
using Gatehouse.Gateways.FastCgi.Responder;
using Gatehouse.Http;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Testing;

namespace Gatehouse.Gateways.Tests.FastCgi;

/// <summary>The records that a web server may send, right and wrong.</summary>
public sealed class ResponderWireTests : IDisposable
{
    private static readonly byte[] Params = [14, 3, .. "REQUEST_METHODGET"u8, 11, 1, .. "REQUEST_URI/"u8];
    private readonly FastCgiServer _server = FastCgiServer.Start(Endpoint.Parse("127.0.0.1:0"), new Hello(), new FastCgiServerOptions { ParamsBytes = 1000, Timeout = TimeSpan.FromSeconds(5) });

    public void Dispose() => _server.Dispose();

    [Fact]
    public void A_request_is_answered_however_it_is_cut()
    {
        byte[] wire = [.. Begin(1, keep: false), .. Record(4, 1, Params, 5), .. Record(4, 1, []), .. Record(5, 1, "body"u8), .. Record(5, 1, [])];
        foreach (var pieces in Splits.Of(wire, random: 3))
        {
            using var client = RawClient.Connect(_server.Endpoint.Port);
            foreach (var piece in pieces)
                client.Send(piece.Span);
            var answer = client.ReadToEnd();
            Assert.Contains("Status: 200 OK\r\nContent-Length: 5\r\n\r\n", Encoding.Latin1.GetString(answer), StringComparison.Ordinal);
            Assert.Equal([1, 3, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], answer[^16..]);
        }
    }

    [Fact]
    public void A_kept_connection_serves_one_request_after_the_other_with_any_id()
    {
        using var client = RawClient.Connect(_server.Endpoint.Port);
        foreach (byte id in new byte[] { 1, 7, 255 })
        {
            client.Send([.. Begin(id, keep: true), .. Record(4, id, Params), .. Record(4, id, []), .. Record(5, id, [])]);
            client.ReadThrough("hello"u8);
            client.ReadThrough([1, 3, 0, id, 0, 8]);
            client.Read(10);
        }
    }

    [Fact]
    public void Another_request_beside_the_first_is_refused_as_is_another_role()
    {
        using var client = RawClient.Connect(_server.Endpoint.Port);
        client.Send([.. Begin(1, keep: true), .. Begin(2, keep: true), .. Record(4, 1, Params), .. Record(4, 1, []), .. Record(5, 1, [])]);
        Assert.Equal([1, 3, 0, 2, 0, 8, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0], client.Read(16));
        client.ReadThrough([1, 3, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        client.Send([1, 1, 0, 3, 0, 8, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0]);
        Assert.Equal([1, 3, 0, 3, 0, 8, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0], client.Read(16));
    }

    [Fact]
    public void Management_records_are_answered()
    {
        using var client = RawClient.Connect(_server.Endpoint.Port);
        client.Send(Record(9, 0, [15, 0, .. "FCGI_MPXS_CONNS"u8]));
        client.ReadThrough("FCGI_MPXS_CONNS0"u8);
        client.Send(Record(99, 0, "x"u8));
        client.ReadThrough([1, 11, 0, 0, 0, 8, 0, 0, 99, 0, 0, 0, 0, 0, 0, 0]);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("\u0002\u0001\u0000\u0001\u0000\u0008\u0000\u0000")]
    public void What_is_no_FastCGI_ends_the_connection(string wire)
    {
        using var client = RawClient.Connect(_server.Endpoint.Port);
        client.Send(wire);
        Assert.Empty(client.ReadToEnd(allowReset: true));
    }

    [Fact]
    public void Variables_beyond_the_bound_and_malformed_ones_are_refused()
    {
        using var client = RawClient.Connect(_server.Endpoint.Port);
        client.Send([.. Begin(1, keep: false), .. Record(4, 1, new byte[2000])]);
        Assert.Equal([1, 3, 0, 1, 0, 8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0], client.Read(16));
        using var other = RawClient.Connect(_server.Endpoint.Port);
        other.Send([.. Begin(1, keep: false), .. Record(4, 1, "\u0005"u8), .. Record(4, 1, []), .. Record(5, 1, [])]);
        Assert.Contains("Status: 400", Encoding.Latin1.GetString(other.ReadToEnd()), StringComparison.Ordinal);
    }

    private static byte[] Begin(byte id, bool keep) => [1, 1, 0, id, 0, 8, 0, 0, 0, 1, keep ? (byte)1 : (byte)0, 0, 0, 0, 0, 0];

    private static byte[] Record(byte type, byte id, ReadOnlySpan<byte> content, byte padding = 0) =>
        [1, type, 0, id, (byte)(content.Length >> 8), (byte)content.Length, padding, 0, .. content, .. new byte[padding]];

    private sealed class Hello : IHandler
    {
        public ValueTask HandleAsync(Exchange exchange) => exchange.SendAsync("hello"u8.ToArray());
    }
}

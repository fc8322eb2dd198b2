using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests.Http2;

/// <summary>The MUSTs of RFC 9113 sections 3 to 8 that a client can break, each with raw frames: the stream or the connection ends with the code.</summary>
public sealed class RuleTests
{
    private const uint Protocol = 1, FlowControl = 3, StreamClosed = 5, FrameSize = 6, Compression = 9;
    private const string Open = ":method=POST|:scheme=http|:path=/|:authority=a";

    /// <summary>Frames behind the greeting, and what the connection ends with.</summary>
    public static TheoryData<string, uint, byte[]> ConnectionFaults => new()
    {
        { "4.2 a frame too large", FrameSize, Frame(0x77, 0, 0, new byte[16_385]) },
        { "4.2 a ping too short", FrameSize, Frame(Http2Client.Ping, 0, 0, new byte[7]) },
        { "4.3 a block that cannot be decoded", Compression, Frame(Http2Client.Headers, 5, 1, [0xBE]) },
        { "4.3 another frame inside a block", Protocol, [.. Frame(Http2Client.Headers, 1, 1, Block()), .. Frame(Http2Client.Ping, 0, 0, new byte[8])] },
        { "4.3 another stream inside a block", Protocol, [.. Frame(Http2Client.Headers, 1, 1, Block()), .. Frame(Http2Client.Continuation, 4, 3, [])] },
        { "5.1 DATA on an idle stream", Protocol, Frame(Http2Client.Data, 0, 1, [1]) },
        { "5.1 RST_STREAM on an idle stream", Protocol, Frame(Http2Client.RstStream, 0, 1, Http2Client.Word(8)) },
        { "5.1 WINDOW_UPDATE on an idle stream", Protocol, Frame(Http2Client.WindowUpdate, 0, 1, Http2Client.Word(8)) },
        { "5.1.1 an even stream", Protocol, Frame(Http2Client.Headers, 5, 2, Block()) },
        { "6.1 DATA on stream 0", Protocol, Frame(Http2Client.Data, 0, 0, [1]) },
        { "6.1 padding longer than the frame", Protocol, [.. Frame(Http2Client.Headers, 4, 1, Block()), .. Frame(Http2Client.Data, 8, 1, [9, 1])] },
        { "6.2 HEADERS on stream 0", Protocol, Frame(Http2Client.Headers, 5, 0, Block()) },
        { "6.2 padding longer than the block", Protocol, Frame(Http2Client.Headers, 13, 1, [200, 1, 2]) },
        { "6.2 a stream that depends on itself", Protocol, Frame(Http2Client.Headers, 0x25, 1, [0, 0, 0, 1, 0, .. Block()]) },
        { "6.3 PRIORITY on stream 0", Protocol, Frame(Http2Client.Priority, 0, 0, new byte[5]) },
        { "6.4 RST_STREAM on stream 0", Protocol, Frame(Http2Client.RstStream, 0, 0, Http2Client.Word(8)) },
        { "6.4 a RST_STREAM too long", FrameSize, [.. Frame(Http2Client.Headers, 4, 1, Block()), .. Frame(Http2Client.RstStream, 0, 1, new byte[5])] },
        { "6.5 an acknowledgement with content", FrameSize, Frame(Http2Client.Settings, 1, 0, new byte[6]) },
        { "6.5 SETTINGS on a stream", Protocol, Frame(Http2Client.Settings, 0, 1, []) },
        { "6.5 half a setting", FrameSize, Frame(Http2Client.Settings, 0, 0, new byte[5]) },
        { "6.5.2 ENABLE_PUSH of 2", Protocol, Setting(2, 2) },
        { "6.5.2 a window too large", FlowControl, Setting(4, 0x8000_0000) },
        { "6.5.2 frames too small", Protocol, Setting(5, 16_383) },
        { "6.5.2 frames too large", Protocol, Setting(5, 0x100_0000) },
        { "6.6 PUSH_PROMISE", Protocol, Frame(Http2Client.PushPromise, 4, 1, [0, 0, 0, 2]) },
        { "6.7 PING on a stream", Protocol, Frame(Http2Client.Ping, 0, 1, new byte[8]) },
        { "6.8 GOAWAY on a stream", Protocol, Frame(Http2Client.GoAway, 0, 1, new byte[8]) },
        { "6.8 a GOAWAY too short", FrameSize, Frame(Http2Client.GoAway, 0, 0, new byte[7]) },
        { "6.9 a WINDOW_UPDATE of 0", Protocol, Frame(Http2Client.WindowUpdate, 0, 0, Http2Client.Word(0)) },
        { "6.9 a WINDOW_UPDATE too short", FrameSize, Frame(Http2Client.WindowUpdate, 0, 0, new byte[3]) },
        { "6.9.1 the connection's window too large", FlowControl, Frame(Http2Client.WindowUpdate, 0, 0, Http2Client.Word(0x7FFF_FFFF)) },
        { "6.9.2 a setting that makes a window too large", FlowControl, [.. Frame(Http2Client.Headers, 4, 1, Block()), .. Frame(Http2Client.WindowUpdate, 0, 1, Http2Client.Word(0x7FFF_0000)), .. Setting(4, 0x7FFF_FFFF)] },
        { "6.10 CONTINUATION without a block", Protocol, Frame(Http2Client.Continuation, 4, 1, []) },
        { "6.10 CONTINUATION on stream 0", Protocol, Frame(Http2Client.Continuation, 4, 0, []) },
        { "6.10 CONTINUATION behind the end of a block", Protocol, [.. Frame(Http2Client.Headers, 4, 1, Block()), .. Frame(Http2Client.Continuation, 4, 1, [])] },
        { "RFC 9218 7.1 PRIORITY_UPDATE for stream 0", Protocol, Frame(0x10, 0, 0, new byte[4]) },
        { "RFC 7541 6.3 a table too large", Compression, Frame(Http2Client.Headers, 5, 1, [0x3F, 0xE2, 0x1F, .. Block()]) },
    };

    /// <summary>Frames behind the greeting, of which stream 1 ends with the code and the connection goes on.</summary>
    public static TheoryData<string, uint, byte[]> StreamFaults
    {
        get
        {
            var data = new TheoryData<string, uint, byte[]>
            {
                { "5.1 DATA behind the end", StreamClosed, [.. Frame(Http2Client.Headers, 5, 1, Block("/wait")), .. Frame(Http2Client.Data, 0, 1, [1])] },
                { "5.1 HEADERS behind the end", StreamClosed, [.. Frame(Http2Client.Headers, 5, 1, Block("/wait")), .. Frame(Http2Client.Headers, 5, 1, Block())] },
                { "5.1 DATA on a closed stream", StreamClosed, [.. Frame(Http2Client.Headers, 5, 1, Block("/quick")), .. Frame(Http2Client.Data, 0, 1, [1])] },
                { "5.1 HEADERS on a closed stream", StreamClosed, [.. Frame(Http2Client.Headers, 5, 1, Block("/quick")), .. Frame(Http2Client.Headers, 5, 1, Block())] },
                { "6.3 a PRIORITY of another size", FrameSize, [.. Frame(Http2Client.Headers, 4, 1, Block("/wait")), .. Frame(Http2Client.Priority, 0, 1, new byte[4])] },
                { "6.9 a WINDOW_UPDATE of 0", Protocol, [.. Frame(Http2Client.Headers, 4, 1, Block("/wait")), .. Frame(Http2Client.WindowUpdate, 0, 1, Http2Client.Word(0))] },
                { "6.9.1 a window too large", FlowControl, [.. Frame(Http2Client.Headers, 4, 1, Block("/wait")), .. Frame(Http2Client.WindowUpdate, 0, 1, Http2Client.Word(0x7FFF_FFFF))] },
                { "8.1 trailers that end nothing", Protocol, [.. Frame(Http2Client.Headers, 4, 1, Block("/wait")), .. Frame(Http2Client.Headers, 4, 1, Http2Client.Block("x=1"))] },
                { "8.1 trailers with a pseudo-header field", Protocol, [.. Frame(Http2Client.Headers, 4, 1, Block("/wait")), .. Frame(Http2Client.Headers, 5, 1, Http2Client.Block(":path=/"))] },
                { "8.1.1 more data than announced", Protocol, [.. Frame(Http2Client.Headers, 4, 1, Http2Client.Block(Open + "|content-length=1")), .. Frame(Http2Client.Data, 0, 1, [1, 2])] },
                { "8.1.1 less data than announced", Protocol, [.. Frame(Http2Client.Headers, 4, 1, Http2Client.Block(Open + "|content-length=3")), .. Frame(Http2Client.Data, 1, 1, [1, 2])] },
                { "8.1.1 a length and no data", Protocol, Frame(Http2Client.Headers, 5, 1, Http2Client.Block(Open + "|content-length=3")) },
                { "8.1.1 trailers before all that was announced", Protocol, [.. Frame(Http2Client.Headers, 4, 1, Http2Client.Block(Open + "|content-length=3")), .. Frame(Http2Client.Headers, 5, 1, Http2Client.Block("x=1"))] },
            };
            foreach (var (what, fields) in new[]
            {
                ("8.2 a name with a capital", Open + "|Accept=x"), ("8.2.1 a name with a space", Open + "|a b=x"), ("8.2.1 an empty name", Open + "|=x"),
                ("8.2.1 a value with CR", Open + "|x=a\rb"), ("8.2.1 a value with LF", Open + "|x=a\nb"), ("8.2.1 a value with NUL", Open + "|x=a\0b"),
                ("8.2.1 a value with a space behind", Open + "|x=a "), ("8.2.2 Connection", Open + "|connection=close"),
                ("8.2.2 Transfer-Encoding", Open + "|transfer-encoding=chunked"), ("8.2.2 Upgrade", Open + "|upgrade=x"), ("8.2.2 TE", Open + "|te=gzip"),
                ("8.3 an unknown pseudo-header field", Open + "|:x=1"), ("8.3 one of a response", Open + "|:status=200"),
                ("8.3 one behind a field", ":method=GET|:scheme=http|:path=/|x=y|:authority=a"), ("8.3.1 no method", ":scheme=http|:path=/|:authority=a"),
                ("8.3.1 no scheme", ":method=GET|:path=/|:authority=a"), ("8.3.1 no path", ":method=GET|:scheme=http|:authority=a"),
                ("8.3.1 an empty path", ":method=GET|:scheme=http|:path=|:authority=a"), ("8.3.1 two methods", Open + "|:method=GET"),
                ("8.3.1 user information", ":method=GET|:scheme=http|:path=/|:authority=u@a"), ("8.3.1 another Host", Open + "|host=b"),
                ("8.5 CONNECT with a path", ":method=CONNECT|:authority=a:1|:path=/"), ("8.5 CONNECT without a port", ":method=CONNECT|:authority=a"),
                ("9110 8.6 two lengths", Open + "|content-length=0|content-length=0"), ("RFC 8441 4 :protocol without CONNECT", Open + "|:protocol=websocket"),
            })
                data.Add(what, Protocol, Frame(Http2Client.Headers, 5, 1, Http2Client.Block(fields)));
            return data;
        }
    }

    [Theory, MemberData(nameof(ConnectionFaults), DisableDiscoveryEnumeration = true)]
    public void The_connection_ends(string rule, uint code, byte[] frames)
    {
        using var server = new TestServer("tcp", Handle);
        var client = new Http2Client(server.Connect());
        client.Wire.Send(frames);
        Assert.True(client.ReadToGoAway() == code, $"{rule}: {client.GoAwayCode}");
        Assert.NotEmpty(server.Events.Refused);
    }

    [Theory, MemberData(nameof(StreamFaults), DisableDiscoveryEnumeration = true)]
    public void The_stream_ends_and_the_connection_goes_on(string rule, uint code, byte[] frames)
    {
        using var server = new TestServer("tcp", Handle);
        var client = new Http2Client(server.Connect());
        client.Wire.Send(frames);
        while (client.Of(1).Reset is null)
            client.Until(Http2Client.RstStream);
        Assert.True(client.Of(1).Reset == code, $"{rule}: {client.Of(1).Reset}");
        client.SendRequest(3, "/quick");
        Assert.Equal(200, client.Answer(3).Status);
        Assert.Null(client.GoAwayCode);
    }

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\nHost: a\r\n\r\n")]
    public void A_preface_that_is_none_ends_the_connection(string preface)
    {
        using var server = new TestServer("tcp", Handle);
        var client = new Http2Client(server.Connect(), greets: false);
        client.Wire.Send(preface);
        Assert.Equal(Protocol, client.ReadToGoAway());
    }

    [Fact]
    public void Another_frame_than_settings_first_ends_the_connection()
    {
        using var server = new TestServer("tcp", Handle);
        var client = new Http2Client(server.Connect(), greets: false);
        client.Wire.Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        client.SendRequest(1);
        Assert.Equal(Protocol, client.ReadToGoAway());
    }

    [Fact]
    public void What_is_unknown_or_allowed_is_ignored()
    {
        using var server = new TestServer("tcp", Handle);
        var client = new Http2Client(server.Connect());
        client.Send(0x77, 0xFF, 0, [1, 2, 3]);
        client.Wire.Send(Setting(0x99, 7));
        client.Send(Http2Client.Priority, 0, 9, [0, 0, 0, 1, 5]);
        client.Send(Http2Client.GoAway, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0, .. "bye"u8]);
        client.Send(Http2Client.Headers, 0x2D, 1, [1, 0, 0, 0, 9, 5, .. Http2Client.Block(":method=GET|:scheme=http|:path=/quick|:authority=a"), 0]);
        Assert.Equal(200, client.Answer(1).Status);
        client.Send(Http2Client.Ping, 0, 0, "12345678"u8.ToArray());
        Assert.Equal("12345678"u8.ToArray(), client.Until(Http2Client.Ping).Payload);
        // Frames of a stream that is over and may be on their way (RFC 9113 section 5.1).
        client.Send(Http2Client.WindowUpdate, 0, 1, Http2Client.Word(5));
        client.Send(Http2Client.RstStream, 0, 1, Http2Client.Word(8));
        client.Sync();
        Assert.Null(client.GoAwayCode);
    }

    [Fact]
    public void One_request_too_many_is_refused_and_may_be_sent_again()
    {
        using var server = new TestServer("tcp", Handle, new ServerLimits { Streams = 2 });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1, "/wait");
        client.SendRequest(3, "/wait");
        client.SendRequest(5, "/quick");
        Assert.Equal(7u, client.Answer(5).Reset);
        client.Send(Http2Client.RstStream, 0, 1, Http2Client.Word(8));
        // The place is free when the handler has ended, which it does on a thread of its own.
        var stream = 7;
        for (client.SendRequest(stream, "/quick"); client.Answer(stream).Reset == 7 && stream < 1000; client.SendRequest(stream, "/quick"))
        {
            Thread.Sleep(10);
            stream += 2;
        }
        Assert.Equal(200, client.Of(stream).Status);
    }

    private static byte[] Frame(byte type, int flags, int stream, byte[] payload) => Http2Client.Bytes(type, flags, stream, payload);

    private static byte[] Setting(int id, uint value) => Frame(Http2Client.Settings, 0, 0, Http2Client.SettingBytes((id, value)));

    private static byte[] Block(string path = "/wait") => Http2Client.Block($":method=POST|:scheme=http|:path={path}|:authority=a");

    private static async ValueTask Handle(Exchange exchange)
    {
        if (exchange.Path() == "/quick")
        {
            await exchange.SendText("x");
            return;
        }
        if (exchange.Request.HasBody)
            await exchange.ReadBody();
        await Task.Delay(Timeout.Infinite, exchange.Aborted);
    }
}

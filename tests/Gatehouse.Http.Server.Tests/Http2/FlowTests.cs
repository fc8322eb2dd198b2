using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests.Http2;

/// <summary>Windows and back-pressure both ways, files, priorities, and clients that stall.</summary>
public sealed class FlowTests
{
    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void An_answer_stops_at_the_window_and_goes_on_with_it(string wire)
    {
        var body = ExchangeExtensions.Pattern(100_000);
        using var server = new TestServer(wire, exchange => exchange.SendAsync(body));
        var client = new Http2Client(server.Connect(), settings: (4, 10));
        client.SendRequest(1);
        client.Sync();
        Assert.Equal(10, client.Of(1).Body.Length);
        client.Send(Http2Client.WindowUpdate, 0, 1, Http2Client.Word(5));
        client.Sync();
        Assert.Equal(15, client.Of(1).Body.Length);
        // A setting may make the window negative (RFC 9113 section 6.9.2).
        client.Send(Http2Client.Settings, 0, 0, Http2Client.SettingBytes((4, 0)));
        client.Send(Http2Client.WindowUpdate, 0, 1, Http2Client.Word(5));
        client.Sync();
        Assert.Equal(15, client.Of(1).Body.Length);
        client.Send(Http2Client.Settings, 0, 0, Http2Client.SettingBytes((4, 1_000_000)));
        client.Sync();
        Assert.Equal(65_535, client.Of(1).Body.Length);
        client.Send(Http2Client.WindowUpdate, 0, 0, Http2Client.Word(1_000_000));
        Assert.Equal(body, client.Answer(1).Body.ToArray());
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void A_file_is_sent_in_frames(string wire)
    {
        using var file = new TemporaryFile(300_000);
        var body = file.Content;
        using var server = new TestServer(wire, async exchange =>
        {
            exchange.Response.ContentLength = body.Length - 100;
            await exchange.SendFileAsync(file.Handle, 100, body.Length - 100);
        });
        var client = new Http2Client(server.Connect()) { Acknowledges = true };
        client.SendRequest(1);
        client.SendRequest(3);
        Assert.Equal(body[100..], client.Answer(1).Body.ToArray());
        Assert.Equal(body[100..], client.Answer(3).Body.ToArray());
    }

    [Fact]
    public void A_file_that_became_shorter_resets_its_stream()
    {
        using var file = new TemporaryFile(10);
        using var server = new TestServer("tcp", async exchange =>
        {
            exchange.Response.ContentLength = 20;
            await exchange.SendFileAsync(file.Handle, 0, 20);
        });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1);
        Assert.Equal(2u, client.Answer(1).Reset);
    }

    [Fact]
    public void A_body_that_is_not_read_stops_at_its_window_and_others_go_on()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new TestServer("tcp", async exchange =>
        {
            if (exchange.Path() == "/slow")
                await release.Task;
            await exchange.SendText($"{(await exchange.ReadBody(100_000)).Length}");
        });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1, "/slow", "POST", ends: false);
        for (var i = 0; i < 16; i++)
            client.Send(Http2Client.Data, 0, 1, new byte[16_384]);
        client.SendRequest(3, "/", "POST", ends: false);
        client.Send(Http2Client.Data, Http2Client.EndStream, 3, new byte[500]);
        Assert.Equal("500", client.Answer(3).Text);
        release.SetResult();
        // The window opens again when it has been read.
        Assert.Equal(1, client.Until(Http2Client.WindowUpdate).Stream);
        client.Send(Http2Client.Data, Http2Client.EndStream, 1, new byte[1]);
        Assert.Equal("262145", client.Answer(1).Text);
    }

    [Fact]
    public void Data_beyond_a_window_is_a_fault()
    {
        using var server = new TestServer("tcp", async exchange => await Task.Delay(Timeout.Infinite, exchange.Aborted));
        var client = new Http2Client(server.Connect());
        client.SendRequest(1, "/", "POST", ends: false);
        for (var i = 0; i < 17; i++)
            client.Send(Http2Client.Data, 0, 1, new byte[16_384]);
        Assert.Equal(3u, client.Answer(1).Reset);
        for (var stream = 3; stream < 13; stream += 2)
        {
            client.SendRequest(stream, "/", "POST", ends: false);
            for (var i = 0; i < 16; i++)
            {
                try
                {
                    client.Send(Http2Client.Data, 0, stream, new byte[16_384]);
                }
                catch (System.Net.Sockets.SocketException)
                {
                    // The connection has ended already.
                }
            }
        }
        Assert.Equal(3u, client.ReadToGoAway());
    }

    [Fact]
    public void A_large_upload_passes()
    {
        using var server = new TestServer("tcp", async exchange =>
        {
            long sum = 0;
            var buffer = new byte[10_000];
            for (int count; (count = await exchange.ReadAsync(buffer)) > 0;)
                sum += count;
            await exchange.SendText($"{sum}");
        });
        var client = new Http2Client(server.Connect());
        client.SendRequest(1, "/", "POST", ends: false);
        long stream = 262_144, connection = 1_048_576;
        for (var left = 5_000_000; left > 0;)
        {
            var part = (int)Math.Min(Math.Min(left, 16_384), Math.Min(stream, connection));
            if (part == 0)
            {
                var update = client.Until(Http2Client.WindowUpdate);
                if (update.Stream == 0)
                    connection += update.Word();
                else
                    stream += update.Word();
                continue;
            }
            left -= part;
            stream -= part;
            connection -= part;
            client.Send(Http2Client.Data, left == 0 ? Http2Client.EndStream : 0, 1, new byte[part]);
        }
        Assert.Equal("5000000", client.Answer(1).Text);
    }

    [Fact]
    public void What_is_urgent_comes_first_and_what_is_incremental_shares()
    {
        var body = new byte[60_000];
        using var server = new TestServer("tcp", exchange => exchange.SendAsync(body));
        var client = new Http2Client(server.Connect(), settings: [(4, 1_000_000)]);
        // The connection's window is used up, so that all that come wait together.
        client.SendRequest(1);
        client.Answer(1);
        client.SendRequest(3);
        client.SendRequest(5, fields: "priority=u=5");
        client.SendRequest(7, fields: "priority=u=1, i");
        client.SendRequest(9, fields: "priority=u=1, i");
        client.SendRequest(11, fields: "priority=u=0");
        client.Sync();
        client.Send(0x10, 0, 0, [0, 0, 0, 5, .. "u=7"u8]);
        client.Send(Http2Client.WindowUpdate, 0, 0, Http2Client.Word(1_000_000));
        var order = new List<int>();
        while (order.Count(stream => stream < 0) < 5)
        {
            var frame = client.Read();
            if (frame.Type == Http2Client.Data && frame.Payload.Length > 0)
                order.Add(frame.Stream);
            if (frame.EndsStream)
                order.Add(-frame.Stream);
        }
        // Stream 3 had taken what was left of the window, and has no more urgency than any.
        var finished = order.Where(stream => stream < 0).Select(stream => -stream).ToList();
        Assert.Equal([11, 7, 9, 3, 5], [finished[0], .. finished[1..3].Order(), .. finished[3..]]);
        var shared = order.Where(stream => stream is 7 or 9).ToList();
        Assert.Contains(9, shared.TakeWhile((_, i) => i < 3));
        Assert.Contains(7, shared.Skip(2));
    }

    [Fact]
    public void A_client_that_opens_no_window_loses_its_stream()
    {
        using var server = new TestServer("tcp", exchange => exchange.SendAsync(new byte[100]), new ServerLimits { WriteTime = TimeSpan.FromMilliseconds(300) });
        var client = new Http2Client(server.Connect(), settings: (4, 0));
        client.SendRequest(1);
        Assert.Equal(8u, client.Answer(1).Reset);
        Assert.Contains(server.Events.Refused, refused => refused.Reason.Contains("took no byte", StringComparison.Ordinal));
    }

    [Fact]
    public void A_client_that_opens_its_window_by_bytes_loses_its_stream()
    {
        using var server = new TestServer("tcp", exchange => exchange.SendAsync(new byte[1000]), new ServerLimits { RateGrace = TimeSpan.FromMilliseconds(300) });
        var client = new Http2Client(server.Connect(), settings: (4, 0));
        client.SendRequest(1);
        for (var i = 0; i < 200 && client.Of(1).Reset is null; i++)
        {
            Thread.Sleep(20);
            client.Send(Http2Client.WindowUpdate, 0, 1, Http2Client.Word(1));
            client.Sync();
        }
        Assert.Equal(8u, client.Of(1).Reset);
    }

    [Fact]
    public void A_connection_that_is_not_read_is_dropped()
    {
        using var server = new TestServer("tcp", exchange => exchange.SendAsync(new byte[20_000_000]), new ServerLimits { WriteTime = TimeSpan.FromMilliseconds(500) });
        var wire = server.Connect();
        wire.Socket.ReceiveBufferSize = 8192;
        var client = new Http2Client(wire, settings: (4, 0x7FFF_FFFF));
        server.WaitForConnections(1);
        client.Send(Http2Client.WindowUpdate, 0, 0, Http2Client.Word(0x7FFF_0000));
        client.SendRequest(1);
        server.WaitForConnections(0);
    }
}

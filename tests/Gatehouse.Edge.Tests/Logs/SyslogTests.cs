using System.Net;
using System.Net.Sockets;
using System.Text;
using Gatehouse.Edge.Logs;

namespace Gatehouse.Edge.Tests.Logs;

public class SyslogTests
{
    private const string Head = @"^<190>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [!-~]+ gatehouse \d+ access - ";

    [Fact]
    public void Over_UDP_each_line_is_a_datagram()
    {
        using var collector = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        collector.Client.ReceiveTimeout = 5000;
        using var destination = new SyslogDestination(new SyslogAddress(false, "127.0.0.1", ((IPEndPoint)collector.Client.LocalEndPoint!).Port));
        destination.Write("one\ntwo\n"u8);
        IPEndPoint? from = null;
        Assert.Matches(Head + "one$", Encoding.ASCII.GetString(collector.Receive(ref from)));
        Assert.Matches(Head + "two$", Encoding.ASCII.GetString(collector.Receive(ref from)));
    }

    [Fact]
    public void Over_UDP_nobody_listening_is_no_fault()
    {
        int port;
        using (var closed = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0)))
            port = ((IPEndPoint)closed.Client.LocalEndPoint!).Port;
        using var destination = new SyslogDestination(new SyslogAddress(false, "127.0.0.1", port));
        for (var i = 0; i < 5; i++)
            destination.Write("line\nline\n"u8);
    }

    [Fact]
    public void Over_TCP_messages_are_counted_and_a_broken_connection_is_made_again()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var destination = new SyslogDestination(new SyslogAddress(true, "localhost", ((IPEndPoint)listener.LocalEndpoint).Port));
        destination.Write("one\n\ntwo\n"u8);
        using (var first = listener.AcceptTcpClient())
        {
            Assert.Matches(Head + "one$", Read(first));
            Assert.Matches(Head + "$", Read(first));
            Assert.Matches(Head + "two$", Read(first));
            first.LingerState = new LingerOption(true, 0);
        }
        // The kernel tells of the reset with one of the next writes; then the same lines are given again.
        var failures = 0;
        while (failures == 0)
        {
            try
            {
                destination.Write("three\n"u8);
                Thread.Sleep(10);
            }
            catch (SocketException)
            {
                failures++;
            }
        }
        destination.Write("three\n"u8);
        using var second = listener.AcceptTcpClient();
        Assert.Matches(Head + "three$", Read(second));
    }

    [Fact]
    public void Without_a_collector_TCP_says_so()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var destination = new SyslogDestination(new SyslogAddress(true, "127.0.0.1", port));
        Assert.Throws<SocketException>(() => destination.Write("one\n"u8));
    }

    [Fact]
    public void A_long_line_is_one_message()
    {
        var message = new SyslogMessage().Make(new byte[50_000], DateTime.UtcNow, countsOctets: true);
        var text = Encoding.ASCII.GetString(message.Span);
        Assert.Equal(int.Parse(text[..text.IndexOf(' ')]), text.Length - text.IndexOf(' ') - 1);
    }

    [Theory]
    [InlineData("udp://log.example", false, "log.example", 514)]
    [InlineData("tcp://log.example", true, "log.example", 601)]
    [InlineData("tcp://[::1]:6514", true, "::1", 6514)]
    [InlineData("udp://127.0.0.1:5140/", false, "127.0.0.1", 5140)]
    public void Addresses_are_read_and_written(string text, bool isTcp, string host, int port)
    {
        Assert.True(SyslogAddress.TryParse(text, out var address, out _));
        Assert.Equal(new SyslogAddress(isTcp, host, port), address);
        Assert.True(SyslogAddress.TryParse(address.ToString(), out var again, out _));
        Assert.Equal(address, again);
    }

    [Theory]
    [InlineData("log.example:514")]
    [InlineData("http://log.example")]
    [InlineData("udp://")]
    [InlineData("udp://u@h")]
    [InlineData("udp://h/path")]
    [InlineData("udp://h:70000")]
    [InlineData("")]
    public void Other_texts_are_refused(string text)
    {
        Assert.False(SyslogAddress.TryParse(text, out _, out var fault));
        Assert.Contains("expected udp://HOST:PORT", fault);
    }

    private static string Read(TcpClient client)
    {
        var stream = client.GetStream();
        stream.ReadTimeout = 5000;
        var count = new StringBuilder();
        for (int b; (b = stream.ReadByte()) != ' ';)
            count.Append((char)b);
        var message = new byte[int.Parse(count.ToString())];
        stream.ReadExactly(message);
        return Encoding.ASCII.GetString(message);
    }
}

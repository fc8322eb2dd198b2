using System.Buffers.Binary;
using System.Text;

namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>FastCGI servers that do what they must not: the client gets a whole answer or an error, never half of one that looks whole.</summary>
public sealed class BadFastCgiTests
{
    private const byte End = 3;
    private const byte Stdout = 6;
    private const byte Stderr = 7;
    private static readonly byte[] Complete = Record(End, new byte[8]);

    [Theory]
    [InlineData("", "before the first byte")]
    [InlineData("not fastcgi at all", "another version than 1")]
    [InlineData("Hello, world", "another version than 1")]
    public void Bytes_that_are_no_answer_are_502(string wire, string why) => Answers(Encoding.Latin1.GetBytes(wire), 502, why);

    [Fact]
    public void Records_that_must_not_come_are_502()
    {
        Answers(Record(Stdout, "Status: 200\n\nx"u8, id: 2), 502, "a record of request 2");
        Answers(Record(5, "x"u8), 502, "type Stdin");
        Answers(Record(Stdout, "garbage\n\n"u8), 502, "not 'name: value'");
        Answers(Record(Stdout, "X: y\n"u8), 502, "inside its answer");
        Answers(Complete, 502, "before the first byte");
        Answers([.. Record(Stderr, "oops\n"u8), .. Complete], 502, "before the first byte");
    }

    [Theory]
    [InlineData(1, 502, "CannotMultiplex")]
    [InlineData(2, 503, "overloaded")]
    [InlineData(3, 502, "UnknownRole")]
    public void A_refusal_is_an_error(byte status, int answer, string why) => Answers(Record(End, [0, 0, 0, 0, status, 0, 0, 0]), answer, why);

    [Fact]
    public void An_answer_without_its_end_is_cut_off()
    {
        using var goOn = new ManualResetEventSlim();
        using var upstream = new ScriptedUpstream(connection =>
        {
            ReadRequest(connection);
            connection.Send(Record(Stdout, "X: y\n\nhalf an answer"u8));
            goOn.Wait(Served.Patience);
        });
        using var served = Serve(upstream);
        using var client = served.Connect();
        client.Send(Served.Head("GET", "/"));
        client.ReadThrough("half an answer"u8);
        goOn.Set();
        Assert.DoesNotContain("0\r\n\r\n", Encoding.Latin1.GetString(client.ReadToEnd(allowReset: true)), StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_the_length_that_was_told_is_dropped()
    {
        using var upstream = Upstream([.. Record(Stdout, "Content-Length: 3\n\nabcdef"u8), .. Complete]);
        using var served = Serve(upstream);
        using var client = served.Connect();
        for (var i = 0; i < 2; i++)
        {
            client.Send(Served.Head("GET", "/"));
            Assert.Equal("abc", client.ReadResponse().Text);
        }
        Assert.Equal(2, upstream.Accepted);
    }

    [Fact]
    public void A_kept_connection_that_the_peer_closed_is_no_failure()
    {
        using var upstream = new ScriptedUpstream(connection =>
        {
            ReadRequest(connection);
            connection.Send([.. Record(Stdout, "X: y\n\nok"u8), .. Complete]);
            // Closes while the other side may be about to use it.
        });
        using var served = Serve(upstream);
        for (var i = 0; i < 20; i++)
            Assert.Equal("ok", served.Get("/").Text);
    }

    private static void Answers(byte[] wire, int status, string why)
    {
        using var upstream = Upstream(wire);
        using var served = Serve(upstream);
        Assert.Equal(status, served.Get("/").Status);
        served.Process.WaitForOutput(why);
    }

    private static ScriptedUpstream Upstream(byte[] answer) => new(connection =>
    {
        ReadRequest(connection);
        connection.Send(answer);
    });

    // Up to the empty record that ends the body.
    private static void ReadRequest(UpstreamConnection connection)
    {
        while (true)
        {
            var head = connection.Read(8);
            var length = BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(4));
            connection.Read(length + head[6]);
            if (head[1] == 5 && length == 0)
                return;
        }
    }

    private static Served Serve(ScriptedUpstream upstream) => Served.Start($$$"""
        reactors: 1
        sites:
          - routes:
              - {match: /*, fastcgi: {to: "{{{upstream.Address}}}", keep: 4}}
        """);

    private static byte[] Record(byte type, ReadOnlySpan<byte> content, byte id = 1) => [1, type, 0, id, (byte)(content.Length >> 8), (byte)content.Length, 0, 0, .. content];
}

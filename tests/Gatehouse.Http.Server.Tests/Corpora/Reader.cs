using System.Globalization;
using System.Text;
using Gatehouse.Http.Server.Tests.Support;
using Gatehouse.Protocols.Headers;
using Gatehouse.Testing;
using Gatehouse.Testing.Http1Cases;

namespace Gatehouse.Http.Server.Tests.Corpora;

/// <summary>
/// A server that answers each request with what it understood of it, and gives back what was understood of recorded bytes: sent whole over TCP, and played
/// whole, byte by byte and cut at every place, all of which must come to the same.
/// </summary>
internal sealed class Reader : IDisposable
{
    // Cutting at every place is quadratic.
    private const int CutEverywhere = 600;
    private readonly TestServer _tcp = new("tcp", Describe);
    private readonly TestServer _played = new("memory", Describe);

    /// <summary>The answers to these bytes, behind which the client ends its side.</summary>
    public IReadOnlyList<Answer> Read(string name, byte[] wire)
    {
        var cuts = wire.Length <= CutEverywhere ? Splits.EveryCut(wire) : [];
        List<IReadOnlyList<ReadOnlyMemory<byte>>> ways = [Splits.Whole(wire), Splits.ByteByByte(wire), .. cuts];
        var plays = _played.OnReactor(() => ways.ConvertAll(Play));
        Assert.All(plays, play => Assert.True(play is not null, $"{name}: the connection is left open though the client has ended."));
        var whole = plays[0]!;
        Assert.All(plays, play => Assert.Equal(whole, play));
        Assert.Equal(whole, Send(wire));
        return Parse(name, whole);
    }

    public void Dispose()
    {
        _tcp.Dispose();
        _played.Dispose();
    }

    private static async ValueTask Describe(Exchange exchange)
    {
        var request = exchange.Request;
        var text = new StringBuilder();
        text.Append(CorpusCase.Escape(request.MethodName)).Append(' ').Append(CorpusCase.Escape(request.Target));
        text.Append(request.Version == HttpVersion.Http10 ? " HTTP/1.0\n" : " HTTP/1.1\n");
        Append(text, request.Headers);
        var body = await exchange.ReadBody(5);
        text.Append('\n');
        if (request.Trailers is { } trailers)
            Append(text, trailers);
        text.Append('\n').Append(Encoding.Latin1.GetString(body));
        // The same at any time.
        exchange.Response.Headers.Add(KnownHeader.Date, "Sun, 06 Nov 1994 08:49:37 GMT"u8);
        var answer = Encoding.Latin1.GetBytes(text.ToString());
        exchange.Response.ContentLength = answer.Length;
        await exchange.SendAsync(answer);
    }

    private static void Append(StringBuilder text, HeaderTable fields)
    {
        for (var i = 0; i < fields.Count; i++)
            text.Append(CorpusCase.Escape(fields[i].Name)).Append(": ").Append(CorpusCase.Escape(fields[i].Value)).Append('\n');
    }

    // Null when the connection is left open.
    private string? Play(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var transport = new ScriptedTransport(_played.Reactor, pieces);
        transport.Play(_played.Http);
        return transport.IsClosed ? Undated(transport.Written) : null;
    }

    private string Send(byte[] wire)
    {
        using var client = _tcp.Connect();
        try
        {
            client.Send(wire);
            client.HalfClose();
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The server has refused it before all was sent.
        }
        return Undated(client.ReadToEnd());
    }

    // Refusals carry the time of day.
    private static string Undated(byte[] bytes)
    {
        var lines = Encoding.Latin1.GetString(bytes).Split("\r\n");
        return string.Join("\r\n", lines.Where(line => !line.StartsWith("Date: ", StringComparison.Ordinal)));
    }

    private static List<Answer> Parse(string name, string text)
    {
        var answers = new List<Answer>();
        for (var at = 0; at < text.Length;)
        {
            var headEnd = text.IndexOf("\r\n\r\n", at, StringComparison.Ordinal);
            Assert.True(headEnd >= 0 && text.AsSpan(at).StartsWith("HTTP/1.1 ", StringComparison.Ordinal), $"{name}: an answer expected at {at} of: {text}");
            var status = int.Parse(text.AsSpan(at + 9, 3), CultureInfo.InvariantCulture);
            var lines = text[at..headEnd].Split("\r\n");
            at = headEnd + 4;
            if (status < 200)
                continue;
            var length = lines.SingleOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal));
            // Only what CONNECT is answered with has no length. No body follows an answer to HEAD, which its next bytes tell.
            var isTunnel = length is null;
            var count = isTunnel ? text.Length - at : int.Parse(length.AsSpan("Content-Length: ".Length), CultureInfo.InvariantCulture);
            if (!isTunnel && (at == text.Length || text.AsSpan(at).StartsWith("HTTP/1.1 ", StringComparison.Ordinal)))
                count = 0;
            answers.Add(new Answer(status, text.Substring(at, count)));
            at += count;
        }
        return answers;
    }
}

using System.Text;
using System.Text.Json;
using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Testing;

namespace Gatehouse.Http.Client.Tests.Http1;

/// <summary>llhttp's responses for a client, through a connection whose server closes behind them, whole and byte by byte.</summary>
public sealed class LlhttpCasesTests
{
    /// <summary>Accepted by llhttp and refused here, each with the sentence that allows or asks for it.</summary>
    private static readonly Dictionary<string, string> RefusedHere = new()
    {
        ["response-connection-017"] = "RFC 9112 2.2: an empty line before the start line is ignored by servers only",
        ["response-sample-002"] = "RFC 9112 2.3: HTTP-version starts with HTTP/; this is RTSP",
        ["response-transfer-encoding-002"] = "RFC 9112 7.1: chunked is the final coding; 6.1: a server must not send one that the client did not ask for",
    };

    [Fact]
    public async Task Responses_are_understood_or_refused()
    {
        var count = 0;
        foreach (var file in Directory.GetFiles(Corpora.Folder("llhttp-cases"), "response-*.json").Order(StringComparer.Ordinal))
        {
            var test = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllBytesAsync(file));
            if (!test.GetProperty("client_blackbox").GetBoolean())
                continue;
            count++;
            foreach (var limit in new[] { int.MaxValue, 1 })
                await CheckAsync(Path.GetFileNameWithoutExtension(file), test, limit);
        }
        Assert.True(count > 20, $"Expected more than 20 cases; found {count}.");
    }

    private static async Task CheckAsync(string name, JsonElement test, int limit)
    {
        await using var lab = new ConnectionLab("memory", async side =>
        {
            await side.ReadHeadAsync();
            await side.SendAsync(test.GetProperty("input_base64").GetBytesFromBase64());
        })
        {
            ReadLimit = limit,
        };
        var (answer, fault) = await AskAsync(lab);
        // A client reads one response; llhttp goes on with what follows.
        var expected = test.GetProperty("derived").GetProperty("messages").EnumerateArray().FirstOrDefault(message => !Status(message).StartsWith('1'));
        var error = test.GetProperty("derived").GetProperty("error");
        var isWhole = expected.ValueKind == JsonValueKind.Object && Status(expected).Length > 0
            && (expected.GetProperty("complete").GetBoolean() || error.ValueKind == JsonValueKind.Null);
        if (RefusedHere.TryGetValue(name, out var sentence))
        {
            Assert.True(fault is { Fault: ClientFault.BadResponse }, $"{name} is accepted now, against: {sentence}");
        }
        else if (!isWhole)
        {
            Assert.True(fault is not null, $"{name} is accepted: {answer}");
        }
        else if (fault is { Fault: ClientFault.Truncated })
        {
            // llhttp is not told of the end of the connection, and waits for the rest.
            Assert.False(expected.GetProperty("complete").GetBoolean(), $"{name}: {fault.Message}");
        }
        else
        {
            Assert.True(answer is not null, $"{name} is refused: {fault?.Message}");
            Assert.Equal(Status(expected), answer.Status.ToString(System.Globalization.CultureInfo.InvariantCulture));
            // The log that the case was made from has no line ends inside bodies.
            var body = expected.TryGetProperty("body_base64", out var coded) ? Encoding.Latin1.GetString(coded.GetBytesFromBase64()) : "";
            Assert.Equal(body, answer.Body.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));
        }
    }

    private static string Status(JsonElement message) =>
        message.TryGetProperty("headers_complete_info", out var info) && info.ValueKind == JsonValueKind.Object
        && info.TryGetProperty("status", out var status)
            ? status.ToString()
            : "";

    private static async Task<(Answer? Answer, ClientException? Fault)> AskAsync(ConnectionLab lab)
    {
        try
        {
            return (await lab.AskAsync(), null);
        }
        catch (ClientException exception)
        {
            return (null, exception);
        }
    }
}

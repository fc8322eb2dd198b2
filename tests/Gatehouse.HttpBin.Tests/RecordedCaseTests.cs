using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gatehouse.HttpBin.Tests;

/// <summary>The original's own test suite, as recorded cases.</summary>
public sealed class RecordedCaseTests(BinServer server) : IClassFixture<BinServer>
{
    public static TheoryData<string> Names() => [.. Cases().Select(one => one.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names), DisableDiscoveryEnumeration = true)]
    public void The_answer_is_as_expected(string name)
    {
        var one = Cases().Single(one => one.GetProperty("name").GetString() == name);
        var fields = one.GetProperty("headers").EnumerateArray().Select(field => $"{field[0].GetString()}: {field[1].GetString()}").ToArray();
        var answer = BinServer.Send(server.Port, one.GetProperty("method").GetString()!, one.GetProperty("target").GetString()!, BodyOf(one, fields), fields);
        var expect = one.GetProperty("expect");
        Assert.Equal(expect.TryGetProperty("status", out var status) ? status.GetInt32() : 200, answer.Status);
        foreach (var field in Members(expect, "headers"))
        {
            var values = answer.Fields.Where(found => found.Key.Equals(field.Name, StringComparison.OrdinalIgnoreCase)).Select(found => found.Value);
            Assert.Equal(field.Value.EnumerateArray().Select(value => value.GetString()!), values);
        }
        foreach (var field in Members(expect, "headers_regex"))
            Assert.Matches(field.Value.GetString()!, answer[field.Name]);
        if (expect.TryGetProperty("headers_absent", out var absent))
            Assert.All(absent.EnumerateArray(), field => Assert.Null(answer[field.GetString()!]));
        foreach (var member in Members(expect, "json"))
            Assert.Equal(Compact(member.Value), Compact(Find(JsonDocument.Parse(answer.Body).RootElement, member.Name)));
        if (expect.TryGetProperty("body_text", out var text))
            Assert.Equal(text.GetString(), answer.Text);
        if (expect.TryGetProperty("body_hex", out var hex))
            Assert.Equal(hex.GetString(), Convert.ToHexStringLower(answer.Body));
        if (expect.TryGetProperty("body_length", out var length))
            Assert.Equal(length.GetInt32(), answer.Body.Length);
        if (one.TryGetProperty("note", out var note) && Regex.Match(note.GetString()!, @"url matches (\S+?)(;|$)") is { Success: true } url)
            Assert.Matches(url.Groups[1].Value, JsonDocument.Parse(answer.Body).RootElement.GetProperty("url").GetString());
        if (name == "x_forwarded_proto")
            Assert.StartsWith("https://", JsonDocument.Parse(answer.Body).RootElement.GetProperty("url").GetString(), StringComparison.Ordinal);
    }

    private static byte[]? BodyOf(JsonElement one, string[] fields)
    {
        var body = one.TryGetProperty("body", out var text) ? Encoding.UTF8.GetBytes(text.GetString()!)
            : one.TryGetProperty("body_hex", out var hex) ? Convert.FromHexString(hex.GetString()!)
            : null;
        return body is not null && fields.Contains("Transfer-Encoding: chunked") ? [.. Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8] : body;
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement element, string name) =>
        element.TryGetProperty(name, out var found) ? found.EnumerateObject() : default;

    // A name in an expectation is a path with dots.
    private static JsonElement Find(JsonElement root, string path) =>
        root.TryGetProperty(path, out var found) ? found : path.Split('.', 2) is [var first, var rest] ? Find(root.GetProperty(first), rest) : throw new KeyNotFoundException(path);

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    private static List<JsonElement> Cases()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Corpora.Folder("httpbin"), "expectations.json")));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(one => one.Clone())];
    }
}

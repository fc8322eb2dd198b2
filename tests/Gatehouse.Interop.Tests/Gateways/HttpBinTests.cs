using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>Debian's python3-httpbin under the WSGI host, bare and under the validator, answers what httpbin's own tests expect.</summary>
public sealed class HttpBinTests
{
    // Debian's httpbin is 0.7.0, and the tests are younger: it takes any word for Bearer, and strips its letters from the token.
    private static readonly string[] Younger = ["bearer", "bearer_bad_"];

    // Answers of the application without a Content-Type, for which the validator raises.
    private static readonly string[] Untyped = ["cors_auth", "status_418_"];

    [Theory]
    [InlineData("httpbin:app", false)]
    [InlineData("validated", true)]
    public void Each_recorded_case(string app, bool isValidated)
    {
        var cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(Corpora.Folder("httpbin"), "expectations.json"))).RootElement.GetProperty("cases");
        Example.RequirePackage("httpbin");
        using var served = Application.Start(app, $"workers: 1, python: {Example.Python}, env: {{EXAMPLE: /, EXAMPLE_APP: 'httpbin:app'}}");
        var faults = new List<string>();
        var tried = 0;
        foreach (var one in cases.EnumerateArray())
        {
            var name = one.GetProperty("name").GetString()!;
            if (Younger.Any(name.StartsWith) || (isValidated && Untyped.Any(name.StartsWith)))
                continue;
            tried++;
            if (Fault(one.GetProperty("expect"), Send(served, one)) is { } fault)
                faults.Add($"{name}: {fault}");
        }
        Assert.True(faults.Count == 0, $"{faults.Count} of {cases.GetArrayLength()} cases:\n{string.Join("\n", faults)}\n{served.Process.Error}");
        Assert.Equal(isValidated ? 51 : 59, tried);
    }

    private static RawResponse Send(Served served, JsonElement one)
    {
        var method = one.GetProperty("method").GetString()!;
        List<string> fields =
        [
            .. from field in one.GetProperty("headers").EnumerateArray() where field[0].GetString()!.Length > 0 select $"{field[0].GetString()}: {field[1].GetString()}",
        ];
        byte[]? body = one.TryGetProperty("body", out var text) ? Encoding.UTF8.GetBytes(text.GetString()!)
            : one.TryGetProperty("body_hex", out var hex) ? Convert.FromHexString(hex.GetString()!) : null;
        var isChunked = fields.Contains("Transfer-Encoding: chunked");
        if (body is not null && !isChunked)
            fields.Add($"Content-Length: {body.Length}");
        using var client = served.Connect();
        client.Send(Served.Head(method, one.GetProperty("target").GetString()!, [.. fields]));
        if (isChunked)
            body = [.. Encoding.ASCII.GetBytes($"{body!.Length:x}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8];
        client.Send(body);
        return client.ReadResponse(toHead: method == "HEAD");
    }

    private static string? Fault(JsonElement expect, RawResponse answer)
    {
        var status = expect.TryGetProperty("status", out var wanted) ? wanted.GetInt32() : 200;
        if (answer.Status != status)
            return $"status {answer.Status}, expected {status}";
        foreach (var field in Members(expect, "headers"))
        {
            var values = answer.Fields.Where(found => found.Key.Equals(field.Name, StringComparison.OrdinalIgnoreCase)).Select(found => found.Value).ToArray();
            if (!values.SequenceEqual(field.Value.EnumerateArray().Select(value => value.GetString())))
                return $"{field.Name} is [{string.Join(" | ", values)}], expected {field.Value.GetRawText()}";
        }
        foreach (var field in Members(expect, "headers_regex"))
        {
            if (!Regex.IsMatch(answer[field.Name] ?? "", field.Value.GetString()!))
                return $"{field.Name} is {answer[field.Name]}, expected {field.Value}";
        }
        if (expect.TryGetProperty("headers_absent", out var absent) && absent.EnumerateArray().Any(field => answer[field.GetString()!] is not null))
            return $"one of {absent.GetRawText()} is there";
        if (expect.TryGetProperty("body_text", out var text) && answer.Text != text.GetString())
            return $"the body is {answer.Text}";
        if (expect.TryGetProperty("body_hex", out var hex) && !answer.Body.AsSpan().SequenceEqual(Convert.FromHexString(hex.GetString()!)))
            return $"the body is {Convert.ToHexString(answer.Body)}";
        if (expect.TryGetProperty("body_length", out var length) && answer.Body.Length != length.GetInt32())
            return $"the body has {answer.Body.Length} bytes, expected {length}";
        foreach (var member in Members(expect, "json"))
        {
            var found = Find(JsonDocument.Parse(answer.Body).RootElement, member.Name);
            if (found != JsonSerializer.Serialize(member.Value))
                return $"{member.Name} is {found}, expected {member.Value.GetRawText()}";
        }
        return null;
    }

    // "headers.User-Agent" names a member of a member.
    private static string? Find(JsonElement element, string name)
    {
        if (element.TryGetProperty(name, out var found))
            return JsonSerializer.Serialize(found);
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && element.TryGetProperty(name[..dot], out var inner) ? Find(inner, name[(dot + 1)..]) : null;
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement expect, string name) =>
        expect.TryGetProperty(name, out var members) ? members.EnumerateObject() : default;
}

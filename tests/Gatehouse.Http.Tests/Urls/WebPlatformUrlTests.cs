using System.Text;
using System.Text.Json;
using Gatehouse.Http.Urls;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests.Urls;

/// <summary>The URL cases of web-platform-tests, read in place.</summary>
public class WebPlatformUrlTests
{
    private static readonly string[] Members = ["href", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash"];

    [Theory]
    [InlineData("urltestdata.json")]
    [InlineData("urltestdata-javascript-only.json")]
    public void Parses_as_the_standard_says(string file) => Assert.All(Cases(file), element =>
    {
        var input = Text(element.GetProperty("input"))!;
        var baseText = Text(element.GetProperty("base"));
        var name = $"'{input}' relative to '{baseText}'";
        Url? url = null;
        var error = "the base is none";
        var isUrl = baseText is null ? Url.TryParse(input, null, out url, out error)
            : Url.TryParse(baseText, null, out var baseUrl, out _) && Url.TryParse(input, baseUrl, out url, out error);
        if (element.TryGetProperty("failure", out _))
        {
            Assert.False(isUrl, $"{name} is to fail, not {url?.Href}");
            Assert.False(string.IsNullOrEmpty(error));
            return;
        }
        Assert.True(isUrl, $"{name} is to parse: {error}");
        string[] parts =
        [
            url!.Href, $"{url.Scheme}:", url.UserName, url.Password, url.Authority, url.Host ?? "", $"{url.Port}", url.Path,
            url.Query is "" or null ? "" : $"?{url.Query}", url.Fragment is "" or null ? "" : $"#{url.Fragment}",
        ];
        var expected = Members.Select(member => $"{name} {member} {Text(element.GetProperty(member))}");
        Assert.Equal(expected, Members.Zip(parts, (member, part) => $"{name} {member} {part}"));
        if (element.TryGetProperty("origin", out var origin))
            Assert.Equal(Text(origin), url.Origin);
        Assert.Equal(url.Href, Url.Parse(url.Href).Href);
    });

    [Theory]
    [InlineData("toascii.json")]
    [InlineData("IdnaTestV2.json")]
    [InlineData("IdnaTestV2-removed.json")]
    public void Converts_domains_as_the_standard_says(string file) => Assert.All(Cases(file), element =>
    {
        var input = Text(element.GetProperty("input"))!;
        if (input.Length == 0)
            return; // UTS46 allows the empty name; in a URL, the slashes around it are taken as one
        var expected = Text(element.GetProperty("output"));
        var actual = Url.TryParse($"https://{Escape(input)}/x", null, out var url, out _) ? url.Host : null;
        Assert.True(expected == actual, $"'{input}': expected {expected ?? "failure"}, found {actual ?? "failure"}");

        // These would end the host in a URL; web-platform-tests encodes them likewise.
        static string Escape(string host) => string.Concat(host.Select(character =>
            "/?#\\:@%".Contains(character, StringComparison.Ordinal) ? $"%{(int)character:X2}" : character.ToString()));
    });

    private static JsonElement[] Cases(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Corpora.Folder("wpt-url"), file)));
        var objects = document.RootElement.EnumerateArray().Where(element => element.ValueKind == JsonValueKind.Object);
        var cases = objects.Select(element => element.Clone()).ToArray();
        Assert.NotEmpty(cases);
        return cases;
    }

    // GetString refuses the lone surrogates that some cases are about.
    private static string? Text(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Null)
            return null;
        var raw = element.GetRawText().AsSpan()[1..^1];
        var text = new StringBuilder(raw.Length);
        for (var at = 0; at < raw.Length; at++)
        {
            if (raw[at] != '\\')
            {
                text.Append(raw[at]);
                continue;
            }
            at++;
            text.Append(raw[at] switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\b',
                'f' => '\f',
                'u' => (char)Convert.ToUInt16(raw.Slice(at + 1, 4).ToString(), 16),
                var character => character,
            });
            if (raw[at] == 'u')
                at += 4;
        }
        return text.ToString();
    }
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using Gatehouse.Http.Cookies;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests.Cookies;

public class CookieCorporaTests
{
    // The http-state cases were written for RFC 6265 (2010), by which a cookie without a name is ignored. RFC 6265bis section 5.6 step 3: "If the
    // name-value-pair string lacks a %x3D ("=") character, then the name string is empty, and the value string is the value of name-value-pair."
    private static readonly Dictionary<string, string> NamelessIsKept = new()
    {
        ["0004"] = "foo",
        ["0021"] = "a=b; x; c=d",
        ["0023"] = "foo",
        ["0024"] = "foo",
        ["0025"] = "foo",
        ["0026"] = "foo",
        ["0027"] = "bar",
        ["0028"] = "foo",
        ["chromium0012"] = "ABC",
        ["mozilla0012"] = "test=\"fubar! = foo; five",
        ["mozilla0015"] = "seven",
        ["mozilla0017"] = "eight; test=six",
        ["name0017"] = "a=bar",
        ["name0023"] = "foo",
        ["name0028"] = "a",
        ["name0031"] = "\"foo",
    };

    // RFC 6265bis section 5.6 step 1: "If the set-cookie-string contains a %x00-08 / %x0A-1F / %x7F character (CTL characters excluding HTAB): Abort this
    // algorithm and ignore the set-cookie-string entirely." (Both cases are disabled upstream.)
    private static readonly string[] ControlIsRefused = ["disabled-chromium0022", "disabled-chromium0023"];

    // RFC 6265bis section 5.1.4 compares the paths as they are; this case, disabled upstream, decodes the request's path first.
    private static readonly string[] PathIsNotDecoded = ["disabled-path0029"];

    [Fact]
    public void Http_state()
    {
        var folder = Path.Combine(Corpora.Folder("http-state-cookies"), "parser");
        var time = new FixedTime(new DateTimeOffset(2010, 6, 1, 0, 0, 0, TimeSpan.Zero));
        var faults = new List<string>();
        var cases = 0;
        foreach (var file in Directory.GetFiles(folder, "*.json"))
        {
            using var json = JsonDocument.Parse(File.ReadAllText(file));
            var test = json.RootElement;
            var name = test.GetProperty("name").GetString()!;
            var expected = NamelessIsKept.GetValueOrDefault(name)
                ?? (ControlIsRefused.Contains(name) || PathIsNotDecoded.Contains(name) ? null : test.GetProperty("expected_cookie").GetString());
            var jar = new CookieJar(time);
            var (host, path) = Split(test.GetProperty("set_url").GetString()!);
            foreach (var item in test.GetProperty("set_cookie").EnumerateArray())
            {
                // A case that the table does not have holds as recorded once its cookies without a name are left out.
                var field = Encoding.Latin1.GetBytes(item.GetString()!);
                if (NamelessIsKept.ContainsKey(name) || !IsNameless(field))
                    jar.Store(host, path, false, field);
            }
            var (resultHost, resultPath) = Split(test.GetProperty("result_url").GetString()!);
            Check(name, expected, Cookies(jar, resultHost, resultPath, Encoding.Latin1), faults);
            cases++;
        }
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        Assert.True(cases >= 100, $"only {cases} cases in {folder}");
    }

    [Theory]
    [InlineData("charset")]
    [InlineData("domain")]
    [InlineData("expires")]
    [InlineData("invalid")]
    [InlineData("max-age")]
    [InlineData("value")]
    public void Wpt(string group)
    {
        var time = new FixedTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var faults = new List<string>();
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Corpora.Folder("wpt-cookies"), group + ".json")));
        foreach (var test in json.RootElement.GetProperty("cases").EnumerateArray())
        {
            var jar = new CookieJar(time);
            var host = Text(test, "set_on_host") ?? "example.org";
            foreach (var field in test.GetProperty("set_cookie").EnumerateArray())
                jar.Store(Encoding.ASCII.GetBytes(host), "/cookies/attributes/resources/set.py"u8, true, Encoding.UTF8.GetBytes(field.GetString()!));
            var path = Text(test, "request_path") ?? "/cookies/attributes/resources/set.py";
            var sent = Cookies(jar, Encoding.ASCII.GetBytes(Text(test, "request_host") ?? host), Encoding.ASCII.GetBytes(path), Encoding.UTF8);
            Check(Text(test, "name")!, Text(test, "expected_cookie"), sent ?? "", faults);
        }
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    [Fact]
    public void Wpt_path_match()
    {
        var faults = new List<string>();
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Corpora.Folder("wpt-cookies"), "path-match.json")));
        foreach (var test in json.RootElement.GetProperty("cases").EnumerateArray())
        {
            var jar = new CookieJar();
            var path = "/cookies/path/echo-cookie.html"u8;
            jar.Store("example.org"u8, path, false, Encoding.UTF8.GetBytes($"a=b; Path={Text(test, "path_attribute")}"));
            var sent = Cookies(jar, "example.org"u8.ToArray(), path.ToArray(), Encoding.UTF8);
            Check(Text(test, "name")!, test.GetProperty("sent_back").GetBoolean() ? "a=b" : null, sent, faults);
        }
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    private static bool IsNameless(byte[] field) => ReceivedCookie.Parse(field, out var cookie) == CookieRefusal.None && cookie.Name.IsEmpty;

    private static void Check(string name, string? expected, string? found, List<string> faults)
    {
        if (expected != found)
            faults.Add($"{name}: expected {expected ?? "no Cookie field"}, found {found ?? "none"}");
    }

    private static string? Text(JsonElement test, string property) => test.TryGetProperty(property, out var value) ? value.GetString() : null;

    private static string? Cookies(CookieJar jar, byte[] host, byte[] path, Encoding encoding)
    {
        var output = new ArrayBufferWriter<byte>();
        return jar.Write(host, path, false, output) == 0 ? null : encoding.GetString(output.WrittenSpan);
    }

    // http://host:port/path?query, by hand: System.Uri would rewrite the paths that the cases are about.
    private static (byte[] Host, byte[] Path) Split(string url)
    {
        var rest = url[(url.IndexOf("//", StringComparison.Ordinal) + 2)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var host = rest[..slash].Split(':')[0];
        return (Encoding.ASCII.GetBytes(host), Encoding.ASCII.GetBytes(rest[slash..].Split('?')[0]));
    }
}

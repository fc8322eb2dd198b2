using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gatehouse.Http.Client;
using Gatehouse.Http.Urls;

namespace Gatehouse.Tools.Get;

/// <summary>The request that options and short forms ask for: method, fields, body, for each URL.</summary>
public sealed class RequestPlan
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<KeyValuePair<string, string>> _headers = [];
    private readonly List<string> _query = [];
    private readonly Func<RequestBody>? _body;

    /// <summary>Reads the options.</summary>
    /// <exception cref="ToolException">They contradict each other, or a file cannot be read.</exception>
    public RequestPlan(GetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var words = options.Words.ToList();
        string? method = options.Method;
        if (method is null && words.Count > 1 && words[0].Length is > 1 and < 12 && words[0].All(char.IsAsciiLetterUpper))
        {
            method = words[0];
            words.RemoveAt(0);
        }
        if (words.Count == 0)
            throw new ToolException("no URL; see gatehouse get --help");
        Urls = [ParseUrl(words[0]), .. words.Skip(1).Where(IsUrl).Select(ParseUrl)];
        var items = new RequestItems(words.Skip(1).Where(word => !IsUrl(word)));
        _headers.AddRange(HeaderFields(options));
        _headers.AddRange(items.Headers);
        _query.AddRange(items.Query);
        var data = DataParts.Join(options);
        if (options.DataInQuery && data is not null)
        {
            _query.Add(Encoding.UTF8.GetString(data));
            data = null;
        }
        var sources = (data is null ? 0 : 1) + (options.Form.Count > 0 ? 1 : 0) + (options.Upload is null ? 0 : 1) + (options.Json is null ? 0 : 1) + (items.HasBody ? 1 : 0);
        if (sources > 1)
            throw new ToolException("only one of -d, --json, -F, -T and NAME=VALUE can make the body");
        if (data is not null)
            (_body, BodyText) = (() => RequestBody.FromBytes(data, "application/x-www-form-urlencoded"), Encoding.UTF8.GetString(data));
        else if (options.Json is not null || items.HasBody)
            (_body, BodyText) = JsonBody(options.Json is null ? items.Json : DataParts.Read(options.Json, keepsLines: true));
        else if (options.Form.Count > 0)
            _body = () => FormParts.Read(options.Form);
        else if (options.Upload is { } upload)
            _body = () => UploadBody(upload);
        Method = method ?? (options.HeadOnly ? "HEAD" : options.Upload is not null ? "PUT" : _body is not null ? "POST" : "GET");
    }

    /// <summary>The URLs, each a request.</summary>
    public IReadOnlyList<Url> Urls { get; }

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>The body as text, where it is one that lies in memory.</summary>
    public string? BodyText { get; }

    /// <summary>The fields that were asked for.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => _headers;

    /// <summary>The URL with what goes into its query.</summary>
    public Url Target(Url url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (_query.Count == 0)
            return url;
        var query = string.Join('&', _query);
        return Url.Parse($"{url.HrefWithoutFragment}{(url.Query is null ? '?' : url.Query.Length == 0 ? "" : '&')}{query}");
    }

    /// <summary>A request for one of the URLs.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="from">Bytes that are here already; 0 to ask for all.</param>
    /// <exception cref="ToolException">A field or the method is malformed.</exception>
    public ClientRequest Request(Url url, long from)
    {
        try
        {
            var request = new ClientRequest(Method, Target(url), _body?.Invoke());
            foreach (var (name, value) in _headers)
                request.With(name, value);
            if (from > 0)
                request.With("Range", $"bytes={from}-");
            return request;
        }
        catch (ArgumentException exception)
        {
            throw new ToolException(CurlCode.Usage, exception.Message, exception);
        }
    }

    private static bool IsUrl(string word) => word.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || word.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static Url ParseUrl(string word)
    {
        // As with curl and httpie, http is meant where no scheme is named, and :8080/x is a port of this machine.
        var text = word.Contains("://", StringComparison.Ordinal) ? word : word.StartsWith(':') ? $"http://localhost{word}" : $"http://{word}";
        if (!Url.TryParse(text, null, out var url, out var error))
            throw new ToolException(CurlCode.MalformedUrl, $"'{word}' is not a URL: {error}");
        return url.Scheme is "http" or "https" ? url : throw new ToolException(CurlCode.UnsupportedProtocol, $"'{url.Scheme}' is not supported; expected http or https");
    }

    private static IEnumerable<KeyValuePair<string, string>> HeaderFields(GetOptions options)
    {
        if (options.UserAgent is { } agent)
            yield return new("User-Agent", agent);
        if (options.Referer is { } referer)
            yield return new("Referer", referer);
        if (options.Range is { } range)
            yield return new("Range", $"bytes={range}");
        if (options.User is { } user)
            yield return new("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(user.Contains(':', StringComparison.Ordinal) ? user : user + ":"))}");
        foreach (var header in options.Headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                yield return new(header[..colon].Trim(), header[(colon + 1)..].Trim());
            else if (header.EndsWith(';'))
                yield return new(header[..^1], "");
            else
                throw new ToolException($"-H: found '{header}', expected 'Name: value', or 'Name;' for an empty value");
        }
        var cookies = options.Cookies.Where(cookie => cookie.Contains('=', StringComparison.Ordinal)).ToList();
        if (cookies.Count > 0)
            yield return new("Cookie", string.Join("; ", cookies));
        if (options.IsCompressed)
            yield return new("Accept-Encoding", "gzip, deflate, br, zstd");
    }

    private (Func<RequestBody> Body, string Text) JsonBody(byte[] json)
    {
        if (!_headers.Exists(header => header.Key.Equals("Accept", StringComparison.OrdinalIgnoreCase)))
            _headers.Add(new("Accept", "application/json"));
        return (() => RequestBody.FromBytes(json, "application/json"), Encoding.UTF8.GetString(json));
    }

    private static RequestBody UploadBody(string file)
    {
        try
        {
            return RequestBody.FromStream(file == "-" ? Console.OpenStandardInput() : File.OpenRead(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(CurlCode.ReadFailed, exception.Message, exception);
        }
    }

    /// <summary>httpie's short forms: NAME=VALUE and NAME:=JSON for a body of JSON, NAME==VALUE for the query, Name:value for a field.</summary>
    private sealed class RequestItems
    {
        private readonly List<(string Name, string Value, bool IsJson)> _members = [];

        public RequestItems(IEnumerable<string> words)
        {
            foreach (var word in words)
                Add(word);
        }

        public List<KeyValuePair<string, string>> Headers { get; } = [];

        public List<string> Query { get; } = [];

        public bool HasBody => _members.Count > 0;

        public byte[] Json
        {
            get
            {
                var output = new ArrayBufferWriter<byte>();
                using (var writer = new Utf8JsonWriter(output, Relaxed))
                {
                    writer.WriteStartObject();
                    foreach (var (name, value, isJson) in _members)
                    {
                        writer.WritePropertyName(name);
                        if (isJson)
                            WriteJson(writer, name, value);
                        else
                            writer.WriteStringValue(value);
                    }
                    writer.WriteEndObject();
                }
                return output.WrittenSpan.ToArray();
            }
        }

        private static void WriteJson(Utf8JsonWriter writer, string name, string value)
        {
            try
            {
                using var document = JsonDocument.Parse(value);
                document.WriteTo(writer);
            }
            catch (JsonException exception)
            {
                throw new ToolException(CurlCode.Usage, $"{name}:= expects JSON; found '{value}': {exception.Message}", exception);
            }
        }

        // The separator that comes first counts; := and == before their first letters.
        private void Add(string word)
        {
            var at = word.AsSpan().IndexOfAny(':', '=');
            if (at <= 0)
                throw new ToolException($"found '{word}', expected NAME=VALUE, NAME:=JSON, NAME==VALUE, Name:value or another URL with its scheme");
            var name = word[..at];
            var rest = word[at..];
            if (rest.StartsWith(":=", StringComparison.Ordinal))
                _members.Add((name, rest[2..], true));
            else if (rest.StartsWith("==", StringComparison.Ordinal))
                Query.Add($"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(rest[2..])}");
            else if (rest[0] == '=')
                _members.Add((name, rest[1..], false));
            else
                Headers.Add(new(name, rest[1..].Trim()));
        }
    }
}

using System.Text;

namespace Gatehouse.Tools.Get;

/// <summary>The same request as a curl command, to paste into a shell.</summary>
public static class CurlCommand
{
    /// <summary>Writes it.</summary>
    public static string Of(GetOptions options, RequestPlan plan)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(plan);
        var words = new List<string> { "curl" };
        var hasBody = plan.BodyText is not null || options.Form.Count > 0;
        var usual = options.HeadOnly ? "HEAD" : options.Upload is not null ? "PUT" : hasBody ? "POST" : "GET";
        if (options.HeadOnly)
            words.Add("-I");
        if (plan.Method != usual)
            words.AddRange(["-X", plan.Method]);
        foreach (var (name, value) in plan.Headers)
            words.AddRange(["-H", value.Length == 0 ? $"{name};" : $"{name}: {value}"]);
        if (plan.BodyText is { } body)
        {
            if (options.Json is not null || !(options.Data.Count + options.DataRaw.Count + options.DataBinary.Count + options.DataUrlEncode.Count > 0))
                words.AddRange(["-H", "Content-Type: application/json"]);
            words.AddRange(["--data-raw", body]);
        }
        foreach (var part in options.Form)
            words.AddRange(["-F", part]);
        Add("-T", options.Upload);
        foreach (var file in options.Cookies.Where(cookie => !cookie.Contains('=', StringComparison.Ordinal)))
            words.AddRange(["-b", file]);
        Add("-c", options.CookieJar);
        Flag("-L", options.Follows);
        Flag("-k", options.IsInsecure);
        Add("--cacert", options.CaCert);
        Add("--cert", options.Cert);
        Add("--key", options.Key);
        foreach (var output in options.Outputs)
            words.AddRange(["-o", output]);
        Flag("-O", options.UsesRemoteName);
        Add("-C", options.ContinueAt);
        Flag("-i", options.IncludesHead);
        Flag("-s", options.IsSilent);
        Flag("-S", options.ShowsErrors);
        Flag("-f", options.Fails);
        Flag("-v", options.IsVerbose);
        Add("-w", options.WriteOut);
        Add("-x", options.Proxy);
        foreach (var rule in options.Resolve)
            words.AddRange(["--resolve", rule]);
        foreach (var rule in options.ConnectTo)
            words.AddRange(["--connect-to", rule]);
        Add("--unix-socket", options.UnixSocket);
        Flag("--compressed", options.IsCompressed);
        Add("--max-time", Number(options.MaxTime));
        Add("--connect-timeout", Number(options.ConnectTimeout));
        Add("--retry", options.Retries > 0 ? Number(options.Retries) : null);
        words.AddRange(plan.Urls.Select(url => plan.Target(url).Href));
        return string.Join(' ', words.Select(Quoted));

        void Add(string name, string? value)
        {
            if (value is not null)
                words.AddRange([name, value]);
        }

        void Flag(string name, bool isSet)
        {
            if (isSet)
                words.Add(name);
        }
    }

    private static string? Number(double? value) => value?.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Quoted(string word)
    {
        if (word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':' or '=' or ',' or '+' or '@' or '%'))
            return word;
        return new StringBuilder("'").Append(word.Replace("'", "'\\''", StringComparison.Ordinal)).Append('\'').ToString();
    }
}

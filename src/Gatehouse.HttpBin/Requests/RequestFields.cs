using System.Text;
using Gatehouse.Http;

namespace Gatehouse.HttpBin.Requests;

/// <summary>The fields of a request as the original sees them through WSGI: one for each name, spelt Like-This, repeated ones joined by a comma.</summary>
internal static class RequestFields
{
    // Set by the platforms that the original ran on; shown with ?show_env only.
    private static readonly HashSet<string> Environmental = new(StringComparer.OrdinalIgnoreCase)
    {
        "X-Varnish", "X-Request-Start", "X-Heroku-Queue-Depth", "X-Real-Ip", "X-Forwarded-Proto", "X-Forwarded-Protocol", "X-Forwarded-Ssl",
        "X-Heroku-Queue-Wait-Time", "X-Forwarded-For", "X-Heroku-Dynos-In-Use", "X-Forwarded-Port", "X-Request-Id", "Via", "Total-Route-Time", "Connect-Time",
    };

    public static string? Find(Request request, string name)
    {
        var wanted = Encoding.ASCII.GetBytes(name);
        string? value = null;
        for (var i = 0; i < request.Headers.Count; i++)
        {
            var field = request.Headers[i];
            if (Ascii.EqualsIgnoreCase(field.Name, wanted))
                value = value is null ? Text(field.Value) : $"{value},{Text(field.Value)}";
        }
        return value;
    }

    public static SortedDictionary<string, string> All(Request request, bool withEnvironment)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < request.Headers.Count; i++)
        {
            var field = request.Headers[i];
            var name = Titled(Encoding.Latin1.GetString(field.Name));
            fields[name] = fields.TryGetValue(name, out var before) ? $"{before},{Text(field.Value)}" : Text(field.Value);
        }
        // HTTP/2 has it as :authority.
        fields.TryAdd("Host", Encoding.Latin1.GetString(request.Authority));
        if (!withEnvironment)
        {
            foreach (var name in Environmental)
                fields.Remove(name);
        }
        return fields;
    }

    private static string Text(ReadOnlySpan<byte> value) => Encoding.Latin1.GetString(value);

    private static string Titled(string name) => string.Create(name.Length, name, (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = i == 0 || source[i - 1] == '-' ? char.ToUpperInvariant(source[i]) : char.ToLowerInvariant(source[i]);
    });
}

using System.Buffers;
using Gatehouse.Edge.Routing;
using Gatehouse.Http.Settings;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Config;

/// <summary>Which requests a route is for: all that is said must fit.</summary>
public sealed record MatchConfig : ICheckedSettings
{
    /// <summary>The path.</summary>
    [Setting("The path: /ping that one, /x/* all below, *.php a segment that ends so")]
    [Shorthand]
    public PathPattern Path { get; init; } = PathPattern.All;

    /// <summary>The methods; none for all.</summary>
    [Setting("The methods, in capitals; GET includes HEAD")]
    public IReadOnlyList<string> Method { get; init; } = [];

    /// <summary>Header fields that the request must have.</summary>
    [Setting("Header fields and their values; * for any value")]
    public IReadOnlyDictionary<string, string> Header { get; init; } = EmptyFields;

    /// <summary>Query parameters that the request must have.</summary>
    [Setting("Query parameters and their values; * for any value")]
    public IReadOnlyDictionary<string, string> Query { get; init; } = EmptyFields;

    /// <summary>Where the client must be; nothing for everywhere.</summary>
    [Setting("Address prefixes of the client")]
    public IReadOnlyList<IpPrefix> Client { get; init; } = [];

    /// <summary>Host names, for a route of a site with several.</summary>
    [Setting("Host names, for a site that has several")]
    public IReadOnlyList<HostPattern> Host { get; init; } = [];

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        for (var i = 0; i < Method.Count; i++)
        {
            if (!IsToken(Method[i]) || Method[i].Any(char.IsAsciiLetterLower))
                faults.Report($"method.{i}", $"found '{Method[i]}', expected a method in capitals, like GET");
        }
        foreach (var name in Header.Keys)
        {
            if (!IsToken(name))
                faults.Report("header", $"found the field name '{name}', expected letters, digits and dashes, like X-Beta");
        }
    }

    // token = 1*tchar (RFC 9110 section 5.6.2)
    private static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(TokenCharacters);

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static IReadOnlyDictionary<string, string> EmptyFields { get; } = new Dictionary<string, string>();
}

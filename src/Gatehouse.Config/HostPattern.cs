using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gatehouse.Http.Settings;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Config;

/// <summary>
/// A host name that a site is for: exact (<c>shop.example.com</c>, an IP address), or with <c>*.</c> for every name below (<c>*.example.com</c>).
/// </summary>
public sealed record HostPattern : ISettingValue<HostPattern>
{
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = false };

    private readonly string _text;

    private HostPattern(string text) => _text = text;

    /// <inheritdoc/>
    public static string Expected => "a host name like shop.example.com or *.example.com, without scheme and port";

    /// <summary>True for <c>*.</c> names, which stand for one or more labels in the place of the star.</summary>
    public bool IsWildcard => _text is ['*', ..];

    /// <summary>The name in lower case and in ASCII (RFC 5890), without <c>*.</c>; an IPv6 address in brackets.</summary>
    public string Name => IsWildcard ? _text[2..] : _text;

    /// <summary>Reads a host name (RFC 1123 section 2.1, with _ tolerated) in any case; names beyond ASCII are put into theirs.</summary>
    public static bool TryParse(string text, [MaybeNullWhen(false)] out HostPattern value, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = null;
        fault = $"found '{text}', expected {Expected}";
        if (text is ['[', .. var inner, ']'])
        {
            if (!IpAddress.TryParse(inner, out var address) || !address.IsV6)
                return false;
            value = new HostPattern($"[{address}]");
        }
        else
        {
            var isWildcard = text.StartsWith("*.", StringComparison.Ordinal);
            if (ToAscii(isWildcard ? text[2..] : text) is not { } name || !IsName(name))
                return false;
            value = new HostPattern(isWildcard ? $"*.{name}" : name);
        }
        fault = null;
        return true;
    }

    /// <summary>The pattern in lower case.</summary>
    public override string ToString() => _text;

    private static string? ToAscii(string name)
    {
        try
        {
            return name.Length == 0 ? null : (System.Text.Ascii.IsValid(name) ? name : Idn.GetAscii(name)).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsName(string name) => name.Length <= 253 && name.Split('.').All(static label =>
        label.Length is >= 1 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
}

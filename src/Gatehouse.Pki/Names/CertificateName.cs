using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Pki.Names;

/// <summary>
/// A name that a certificate is for, as its subjectAltName has it (RFC 5280 section 4.2.1.6): a DNS name, a wildcard for the names one label below, or an IP
/// address.
/// </summary>
public readonly record struct CertificateName
{
    private const string Expected = "a DNS name like shop.example.com, a wildcard like *.example.com, or an IP address";
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = false };

    private readonly string? _text;

    private CertificateName(string text, IpAddress address)
    {
        _text = text;
        Address = address;
    }

    /// <summary>The address; none for a DNS name.</summary>
    public IpAddress Address { get; }

    /// <summary>True for an IP address.</summary>
    public bool IsAddress => !Address.IsNone;

    /// <summary>True for a wildcard.</summary>
    public bool IsWildcard => _text is ['*', ..];

    /// <summary>The DNS name in lower case and in ASCII, without <c>*.</c>; for an address its text.</summary>
    public string Host => IsWildcard ? _text![2..] : _text ?? "";

    /// <summary>An IP address as a name.</summary>
    public static CertificateName Of(IpAddress address) => new(address.ToString(), address);

    /// <summary>Reads a name in any case; names beyond ASCII are put into theirs (RFC 5890), an IPv6 address may stand in brackets.</summary>
    public static bool TryParse(string text, out CertificateName name, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        fault = null;
        var bare = text is ['[', .. var inner, ']'] ? inner : text;
        if (IpAddress.TryParse(bare, out var address))
        {
            name = Of(address.Unmapped);
            return true;
        }
        var isWildcard = text.StartsWith("*.", StringComparison.Ordinal);
        if (ToAscii((isWildcard ? text[2..] : text).TrimEnd('.')) is { } host && IsDnsName(host))
        {
            name = new CertificateName(isWildcard ? $"*.{host}" : host, default);
            return true;
        }
        name = default;
        fault = $"found '{text}', expected {Expected}";
        return false;
    }

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is not one.</exception>
    public static CertificateName Parse(string text) => TryParse(text, out var name, out var fault) ? name : throw new FormatException(fault);

    /// <summary>
    /// True when a certificate for this name is good for <paramref name="wanted"/>: the same, or this is a wildcard and the other one label below it
    /// (RFC 9525 section 6.3). A wildcard never covers an address.
    /// </summary>
    public bool Covers(CertificateName wanted)
    {
        if (IsAddress || wanted.IsAddress)
            return Address == wanted.Address && IsAddress;
        if (_text == wanted._text)
            return true;
        if (!IsWildcard || wanted.IsWildcard)
            return false;
        var dot = wanted.Host.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && wanted.Host.AsSpan(dot + 1).SequenceEqual(Host);
    }

    /// <summary>The name in lower case.</summary>
    public override string ToString() => _text ?? "";

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

    // RFC 1123 section 2.1, with _ tolerated. A last label of digits alone would be read as an IPv4 address by some, and is none here (WHATWG URL section 3.5).
    private static bool IsDnsName(string name) => name.Length <= 253 && name.Split('.') is var labels && !labels[^1].All(char.IsAsciiDigit)
        && labels.All(static label =>
            label.Length is >= 1 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
}

using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Web;

/// <summary>
/// The fields that keep a page from being used against its reader. Every answer says that its media type is no guess (X-Content-Type-Options); pages also say
/// what they may load and who may frame them (Content-Security-Policy), and how much of their address they give away (Referrer-Policy). A field that a
/// handler has set is left as it is.
/// </summary>
public sealed class SecurityHeaders
{
    private byte[]? _policy;

    /// <summary>
    /// The policy of pages, to which the nonce of a page is added; the default lets a page load what is its own, and be framed and sent to by its own site only.
    /// Null for no policy.
    /// </summary>
    public string? ContentSecurityPolicy
    {
        get;
        set
        {
            field = value;
            _policy = value is null ? null : Encoding.ASCII.GetBytes(value);
        }
    }

    /// <summary>The Referrer-Policy of pages; null for none.</summary>
    public string? ReferrerPolicy { get; set; } = "strict-origin-when-cross-origin";

    /// <summary>The defaults.</summary>
    public SecurityHeaders() =>
        ContentSecurityPolicy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'";

    internal void Apply(Call call)
    {
        var headers = call.Response.Headers;
        if (!headers.Contains(KnownHeader.XContentTypeOptions))
            headers.Add(KnownHeader.XContentTypeOptions, "nosniff"u8);
        if (!headers.TryGet(KnownHeader.ContentType, out var type) || !type.StartsWith("text/html"u8))
            return;
        if (ReferrerPolicy is { } referrer && !headers.Contains(KnownHeader.ReferrerPolicy))
            headers.Add(KnownHeader.ReferrerPolicy, Encoding.ASCII.GetBytes(referrer));
        if (_policy is null || headers.Contains(KnownHeader.ContentSecurityPolicy))
            return;
        if (!call.HasNonce)
            headers.Add(KnownHeader.ContentSecurityPolicy, _policy);
        else
            headers.Add(KnownHeader.ContentSecurityPolicy, Encoding.ASCII.GetBytes($"{ContentSecurityPolicy}; script-src 'self' 'nonce-{call.Nonce}'; style-src 'self' 'nonce-{call.Nonce}'"));
    }
}

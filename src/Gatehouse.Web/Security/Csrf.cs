using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Http.Forms;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Web;

/// <summary>
/// Refuses unsafe requests that another site has a browser send: 1 by what the browser says of where it comes from (Sec-Fetch-Site, Origin), with a session or
/// without; 2 when the request brings a session, by a token that only this site's own pages know, in the field <c>_csrf</c> of a form or in X-CSRF-Token.
/// </summary>
internal sealed class Csrf(IHandler inner) : IHandler
{
    public const int SecretBytes = 32;
    public const string Field = "_csrf";

    public ValueTask HandleAsync(Exchange exchange)
    {
        if (exchange.Request.Method is Method.Get or Method.Head or Method.Options or Method.Trace)
            return inner.HandleAsync(exchange);
        var call = Call.Of(exchange);
        // 1
        if (IsFromElsewhere(call))
            return Refuse(call, "The request comes from another site.");
        // 2
        return call.Request.Headers.Contains(KnownHeader.Cookie) && call.App.Keeper.IsBrought(call) ? CheckTokenAsync(call) : inner.HandleAsync(exchange);
    }

    /// <summary>A token for a page: the secret behind a mask that is another each time, so that a compressed page does not give it away (BREACH).</summary>
    public static string Token(Session session)
    {
        Span<byte> token = stackalloc byte[2 * SecretBytes];
        RandomNumberGenerator.Fill(token[..SecretBytes]);
        var secret = session.CsrfSecret();
        for (var i = 0; i < SecretBytes; i++)
            token[SecretBytes + i] = (byte)(token[i] ^ secret[i]);
        return Base64Url.EncodeToString(token);
    }

    private static bool IsToken(byte[] secret, string? token)
    {
        Span<byte> bytes = stackalloc byte[2 * SecretBytes];
        if (token is null || !Base64Url.TryDecodeFromChars(token, bytes, out var written) || written != bytes.Length)
            return false;
        for (var i = 0; i < SecretBytes; i++)
            bytes[SecretBytes + i] ^= bytes[i];
        return CryptographicOperations.FixedTimeEquals(bytes[SecretBytes..], secret);
    }

    private async ValueTask CheckTokenAsync(Call call)
    {
        var session = await call.SessionAsync();
        // A session that holds nothing gives nobody any right.
        if (session.IsNew)
        {
            await inner.HandleAsync(call.Exchange);
            return;
        }
        string? token = null;
        if (call.Request.Headers.TryGet("X-CSRF-Token"u8, out var header))
            token = Encoding.Latin1.GetString(header);
        else if (BodyKind.Of(call.Request) == BodyKind.Form)
            token = (call.Form ??= await FormReader.ReadAsync(call.Exchange, call.App.Limits.Form))[Field];
        if (session.ExistingCsrfSecret() is { } secret && IsToken(secret, token))
            await inner.HandleAsync(call.Exchange);
        else
            await Refuse(call, token is null ? $"The form lacks its token: expected the field {Field} or X-CSRF-Token." : "The form's token is not of this session; open the page again.");
    }

    // A browser that says nothing of this is old, or none; then the token must do.
    internal static bool IsFromElsewhere(Call call)
    {
        var headers = call.Request.Headers;
        if (headers.TryGet("Sec-Fetch-Site"u8, out var site))
            return !site.SequenceEqual("same-origin"u8) && !site.SequenceEqual("none"u8) && !IsTrusted(call);
        if (!headers.TryGet(KnownHeader.Origin, out var origin))
            return false;
        var scheme = origin.IndexOf("://"u8);
        return !(scheme > 0 && Ascii.EqualsIgnoreCase(origin[(scheme + 3)..], call.Request.Authority)) && !IsTrusted(call);
    }

    private static bool IsTrusted(Call call) =>
        call.Request.Headers.TryGet(KnownHeader.Origin, out var origin) && call.App.TrustedOrigins.Contains(Encoding.Latin1.GetString(origin));

    private static ValueTask Refuse(Call call, string reason)
    {
        new Problem(403, reason).Write(call);
        return default;
    }
}

using System.Buffers;
using Gatehouse.Http.Cookies;

namespace Gatehouse.Fuzz.Targets;

/// <summary>
/// Cookies of both sides: what a jar took from Set-Cookie it sends as a field that a server reads back, without a byte that splits a message.
/// </summary>
internal sealed class CookiesTarget : IFuzzTarget
{
    public string Name => "cookies";

    public IEnumerable<byte[]> Seeds => Targets.Seeds.Of(
        "SID=31d4d96e407aad42; Path=/; Secure; HttpOnly", "lang=en-US; Expires=Wed, 09 Jun 2027 10:18:14 GMT; Domain=example.com",
        "a=b; Max-Age=3600; SameSite=Lax; Partitioned", "__Host-id=1; Secure; Path=/",
        "=value", "name", "a=\"quoted\"; Path=/x", "a=b; c=d; e=\"f g\"; a=z", "x=; Domain=.example.com; Path=\"",
        "__Secure-a=b; Secure; Domain=www.example.com");

    public void Run(ReadOnlySpan<byte> input)
    {
        var pairs = 0;
        foreach (var pair in new RequestCookies(input))
        {
            pairs++;
            Claim.That(!pair.Name.Contains((byte)';') && !pair.Value.Contains((byte)';'), "a semicolon ends a cookie");
        }
        Claim.That(pairs <= RequestCookies.MaxCookies, $"at most {RequestCookies.MaxCookies} cookies; found {pairs}");

        var jar = new CookieJar(TimeProvider.System);
        if (jar.Store("www.example.com"u8, "/x/y"u8, isSecure: true, input) != CookieRefusal.None) return;
        Claim.That(jar.Count <= 1, "one field stores at most one cookie");
        var field = new ArrayBufferWriter<byte>();
        var written = jar.Write("www.example.com"u8, "/x/y"u8, isSecure: true, field);
        Claim.That(!field.WrittenSpan.ContainsAny("\r\n\0;"u8), "a Cookie field of one cookie has no CR, LF, NUL or semicolon");
        Claim.That(written > 0 || field.WrittenCount == 0, "nothing is written when there is no cookie");
    }
}

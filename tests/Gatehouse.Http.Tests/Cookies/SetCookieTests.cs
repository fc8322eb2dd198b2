using System.Text;
using CsCheck;
using Gatehouse.Http.Cookies;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Tests.Cookies;

public class SetCookieTests
{
    private static readonly DateTimeOffset Date = new(1994, 11, 6, 9, 49, 37, 500, TimeSpan.FromHours(1));

    [Fact]
    public void Writes_every_attribute()
    {
        var cookie = new SetCookie("SID", "31d4d96e407aad42")
        {
            Path = "/app",
            Domain = "example.com",
            Expires = Date,
            MaxAge = TimeSpan.FromHours(1),
            Secure = true,
            HttpOnly = true,
            SameSite = SameSite.None,
            Partitioned = true,
        };
        const string Expected = "SID=31d4d96e407aad42; Path=/app; Domain=example.com; Expires=Sun, 06 Nov 1994 08:49:37 GMT; Max-Age=3600; "
            + "Secure; HttpOnly; SameSite=None; Partitioned";
        Assert.Equal(Expected, cookie.ToString());
        var headers = new HeaderList();
        cookie.AddTo(headers);
        Assert.True(headers.TryGet(KnownHeader.SetCookie, out var value));
        Assert.Equal(Expected, Encoding.ASCII.GetString(value));
        Assert.Throws<ArgumentException>(() => cookie.Write(new byte[Expected.Length - 1]));
        Assert.Equal(Expected.Length, cookie.Write(new byte[Expected.Length]));
    }

    [Fact]
    public void Writes_the_least()
    {
        Assert.Equal("a=", new SetCookie("a", "").ToString());
        Assert.Equal("a=\"b\"", new SetCookie("a", "\"b\"").ToString());
        Assert.Equal("a=; Max-Age=1; SameSite=Lax", new SetCookie("a", "") { MaxAge = TimeSpan.FromTicks(1), SameSite = SameSite.Lax }.ToString());
        Assert.Equal(
            "__Host-a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Secure; SameSite=Strict",
            new SetCookie("__Host-a", "b") { Path = "/", Secure = true, SameSite = SameSite.Strict }.AsRemoval().ToString());
    }

    [Fact]
    public void The_longest_cookie_fits_in_MaxLength()
    {
        var cookie = new SetCookie(new string('n', 1000), '"' + new string('v', 3094) + '"')
        {
            Path = "/" + new string('p', 1023),
            Domain = new string('d', 253),
            Expires = DateTimeOffset.MaxValue,
            MaxAge = TimeSpan.MinValue,
            Secure = true,
            HttpOnly = true,
            SameSite = SameSite.Strict,
            Partitioned = true,
        };
        Assert.InRange(cookie.Write(new byte[SetCookie.MaxLength]), 5000, SetCookie.MaxLength);
    }

    public static TheoryData<SetCookie, string> Faults() => new()
    {
        { default, "token" },
        { new("", "b"), "token" },
        { new("a", null!), "must have a value" },
        { new("a b", ""), "token" },
        { new("a=b", ""), "token" },
        { new("a;b", ""), "token" },
        { new("a\r\nX: y", ""), "token" },
        { new("\u00e9", ""), "token" },
        { new("a", "b; Path=/"), "U+003B" },
        { new("a", "b\r\nSet-Cookie: c=d"), "U+000D" },
        { new("a", "b\0"), "U+0000" },
        { new("a", "b c"), "U+0020" },
        { new("a", "b,c"), "U+002C" },
        { new("a", "b\\c"), "U+005C" },
        { new("a", "\"b"), "U+0022" },
        { new("a", "\""), "U+0022" },
        { new("a", "\"b\"c\""), "U+0022" },
        { new("a", "\u20ac"), "U+20AC" },
        { new("a", new string('b', 4096)), "4097 bytes" },
        { new("a", "") { Path = "" }, "Path must start" },
        { new("a", "") { Path = "app" }, "Path must start" },
        { new("a", "") { Path = "/;Secure" }, "Path must start" },
        { new("a", "") { Path = "/\n" }, "Path must start" },
        { new("a", "") { Path = "/\u00e9" }, "Path must start" },
        { new("a", "") { Path = "/" + new string('p', 1024) }, "1025 bytes" },
        { new("a", "") { Domain = "" }, "Domain must be" },
        { new("a", "") { Domain = ".example.com" }, "leading dot" },
        { new("a", "") { Domain = "example.com; Secure" }, "Domain must be" },
        { new("a", "") { Domain = "b\u00fccher.example" }, "A-labels" },
        { new("a", "") { Domain = new string('d', 254) }, "Domain must be" },
        { new("a", "") { Expires = new DateTimeOffset(1600, 12, 31, 0, 0, 0, TimeSpan.Zero) }, "1601" },
        { new("a", "") { SameSite = (SameSite)9, Secure = true }, "SameSite must" },
        { new("a", "") { SameSite = SameSite.None }, "SameSite=None asks for Secure" },
        { new("a", "") { Partitioned = true }, "Partitioned asks for Secure" },
        { new("__Secure-a", ""), "ask for Secure" },
        { new("__host-a", "") { Path = "/" }, "ask for Secure" },
        { new("__Host-a", "") { Secure = true }, "Path '/' and no Domain" },
        { new("__Host-a", "") { Secure = true, Path = "/app" }, "Path '/' and no Domain" },
        { new("__HOST-a", "") { Secure = true, Path = "/", Domain = "example.com" }, "Path '/' and no Domain" },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void Refuses_injection_and_what_user_agents_drop(SetCookie cookie, string rule)
    {
        var fault = Assert.Throws<ArgumentException>(() => cookie.Write(new byte[SetCookie.MaxLength]));
        Assert.Contains(rule, fault.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => cookie.AddTo(new HeaderList()));
    }

    [Fact]
    public void What_it_writes_is_read_back_or_it_is_refused()
    {
        var printable = Gen.Char[' ', '~'].Array[0, 12].Select(chars => new string(chars));
        var text = Gen.OneOf(Gen.String[0, 12], printable, Gen.OneOf("a", "__Host-x", "__Secure-y", "\"q\""));
        var gen = Gen.Select(text, text, text.Null(), Gen.Bool, Gen.Enum<SameSite>(), Gen.Int[-5, 100_000]);
        gen.Sample((name, value, path, secure, sameSite, age) =>
        {
            var cookie = new SetCookie(name, value)
            {
                Path = path is null ? null : "/" + path,
                Secure = secure,
                SameSite = sameSite,
                MaxAge = TimeSpan.FromSeconds(age),
            };
            var field = new byte[SetCookie.MaxLength];
            int length;
            try
            {
                length = cookie.Write(field);
            }
            catch (ArgumentException)
            {
                return;
            }
            Assert.Equal(CookieRefusal.None, ReceivedCookie.Parse(field.AsSpan(0, length), out var received));
            Assert.Equal(name, Encoding.ASCII.GetString(received.Name));
            Assert.Equal(value, Encoding.ASCII.GetString(received.Value));
            Assert.Equal(cookie.Path?.TrimEnd(' ') ?? "", Encoding.ASCII.GetString(received.Path));
            Assert.Equal(secure, received.Secure);
            Assert.Equal(sameSite, received.SameSite);
            Assert.Equal(age, received.MaxAge);
        });
    }
}

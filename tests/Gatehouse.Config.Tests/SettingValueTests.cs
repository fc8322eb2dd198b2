using CsCheck;
using Gatehouse.Config.Types;
using Gatehouse.Http.Settings;

namespace Gatehouse.Config.Tests;

public sealed class SettingValueTests
{
    [Theory]
    [InlineData("0", 0, "0")]
    [InlineData("512", 512, "512")]
    [InlineData("1024", 1_024, "1KB")]
    [InlineData("10MB", 10_485_760, "10MB")]
    [InlineData("10mb", 10_485_760, "10MB")]
    [InlineData("1025KB", 1_049_600, "1025KB")]
    [InlineData("2GB", 2_147_483_648, "2GB")]
    public void Sizes(string text, long bytes, string canonical)
    {
        Assert.True(ByteSize.TryParse(text, out var size, out _));
        Assert.Equal((bytes, canonical), (size.Bytes, size.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("-1")]
    [InlineData("1.5MB")]
    [InlineData("10 MB")]
    [InlineData("10M")]
    [InlineData("10MiB")]
    [InlineData("9223372036854775808")]
    [InlineData("9007199254740992KB")]
    public void What_is_no_size(string text)
    {
        Assert.False(ByteSize.TryParse(text, out _, out var fault));
        Assert.Equal($"found '{text}', expected a size like 512KB, 10MB or 1GB", fault);
    }

    [Theory]
    [InlineData("0", 0, "0")]
    [InlineData("200ms", 200, "200ms")]
    [InlineData("2000ms", 2_000, "2s")]
    [InlineData("90s", 90_000, "90s")]
    [InlineData("5m", 300_000, "5m")]
    [InlineData("1h", 3_600_000, "1h")]
    [InlineData("24h", 86_400_000, "1d")]
    public void Durations(string text, double milliseconds, string canonical)
    {
        Assert.True(Duration.TryParse(text, out var duration, out _));
        Assert.Equal((milliseconds, canonical), (duration.TotalMilliseconds, Duration.Format(duration)));
    }

    [Theory]
    [InlineData("", "found '', ")]
    [InlineData("5", "found '5' without a unit, ")]
    [InlineData("s", "found 's', ")]
    [InlineData("-1s", "found '-1s', ")]
    [InlineData("1.5s", "found '1.5s', ")]
    [InlineData("1h30m", "found '1h30m', ")]
    [InlineData("5S", "found '5S', ")]
    [InlineData("99999999999999d", "found '99999999999999d', ")]
    public void What_is_no_duration(string text, string found)
    {
        Assert.False(Duration.TryParse(text, out _, out var fault));
        Assert.Equal(found + "expected a duration like 200ms, 2s, 5m, 1h or 1d", fault);
    }

    [Theory]
    [InlineData("1000/m", 1_000, 60, 1_000, RateKey.All, "1000/m")]
    [InlineData("100/s per ip", 100, 1, 100, RateKey.Ip, "100/s per ip")]
    [InlineData("10/s burst 50 per ip", 10, 1, 50, RateKey.Ip, "10/s burst 50 per ip")]
    [InlineData("10/h  burst 10", 10, 3_600, 10, RateKey.All, "10/h")]
    [InlineData("1/d", 1, 86_400, 1, RateKey.All, "1/d")]
    public void Rates(string text, int count, int seconds, int burst, RateKey key, string canonical)
    {
        Assert.True(Rate.TryParse(text, out var rate, out _));
        Assert.Equal(new Rate(count, TimeSpan.FromSeconds(seconds), burst, key), rate);
        Assert.Equal((canonical, (double)count / seconds), (rate.ToString(), rate.PerSecond));
    }

    [Theory]
    [InlineData("")]
    [InlineData("100")]
    [InlineData("0/s")]
    [InlineData("100/w")]
    [InlineData("100/ s")]
    [InlineData("100/s per host")]
    [InlineData("100/s per ip burst 5")]
    [InlineData("100/s burst")]
    [InlineData("100/s burst 0")]
    [InlineData("100/s per ip per ip")]
    public void What_is_no_rate(string text) => Assert.False(Rate.TryParse(text, out _, out _));

    [Theory]
    [InlineData("A.Test", "a.test", false)]
    [InlineData("*.A.Test", "*.a.test", true)]
    [InlineData("bücher.example", "xn--bcher-kva.example", false)]
    [InlineData("127.0.0.1", "127.0.0.1", false)]
    [InlineData("[2001:DB8::1]", "[2001:db8::1]", false)]
    [InlineData("a_b.test", "a_b.test", false)]
    public void Hosts(string text, string canonical, bool isWildcard)
    {
        Assert.True(HostPattern.TryParse(text, out var host, out _));
        Assert.Equal((canonical, isWildcard, canonical.Replace("*.", "")), (host.ToString(), host.IsWildcard, host.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("a.*.test")]
    [InlineData("*a.test")]
    [InlineData("a..test")]
    [InlineData("a.test.")]
    [InlineData("-a.test")]
    [InlineData("a.test:80")]
    [InlineData("::1")]
    [InlineData("[127.0.0.1]")]
    [InlineData("a b")]
    public void What_is_no_host(string text) => Assert.False(HostPattern.TryParse(text, out _, out _));

    [Fact]
    public void Sizes_durations_and_rates_survive_their_text()
    {
        Gen.Long[0, long.MaxValue].Sample(bytes => ByteSize.TryParse(new ByteSize(bytes).ToString(), out var again, out _) && again.Bytes == bytes);
        Gen.Long[0, 1L << 40].Sample(milliseconds =>
            Duration.TryParse(Duration.Format(TimeSpan.FromMilliseconds(milliseconds)), out var again, out _) && again.TotalMilliseconds == milliseconds);
        Gen.Select(Gen.Int[1, int.MaxValue], Gen.Int[1, int.MaxValue], Gen.Bool)
            .Select((count, burst, perIp) => new Rate(count, TimeSpan.FromHours(1), burst, perIp ? RateKey.Ip : RateKey.All))
            .Sample(rate => Rate.TryParse(rate.ToString(), out var again, out _) && again == rate);
    }

    [Fact]
    public void Noise_never_throws()
        => Gen.OneOf(Gen.String, Gen.Char["0123456789smhdKMGB/ perip.*-[]:@xn"].Array[0, 20].Select(characters => new string(characters))).Sample(
            text =>
            {
                Assert.Equal(ByteSize.TryParse(text, out _, out var size), size is null);
                Assert.Equal(Duration.TryParse(text, out _, out var duration), duration is null);
                Assert.Equal(Rate.TryParse(text, out _, out var rate), rate is null);
                Assert.Equal(CountOrAuto.TryParse(text, out _, out var count), count is null);
                Assert.Equal(HostPattern.TryParse(text, out _, out var host), host is null);
                Assert.Equal(ListenAddress.TryParse(text, out _, out var listen), listen is null);
                Assert.Equal(FilePath.TryParse(text, out _, out var path), path is null);
            },
            iter: 5_000);

    [Theory]
    [InlineData("ClientCa", "client-ca")]
    [InlineData("UseHTTPProxy", "use-http-proxy")]
    [InlineData("Http2", "http2")]
    [InlineData("A", "a")]
    public void Names_become_kebab_case(string name, string expected) => Assert.Equal(expected, KebabCase.Of(name));

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("lisetn", "listen", 1)]
    [InlineData("LISTEN", "listen", 0)]
    [InlineData("ca", "abc", 3)]
    public void Distances(string a, string b, int expected) => Assert.Equal((expected, expected), (NearestWord.Distance(a, b), NearestWord.Distance(b, a)));

    [Theory]
    [InlineData("rutes", "routes")]
    [InlineData("ruotes", "routes")]
    [InlineData("x", null)]
    [InlineData("something-else", null)]
    [InlineData("site", "sites")]
    public void The_nearest_word_is_one_that_may_be_meant(string text, string? expected) =>
        Assert.Equal(expected, NearestWord.Find(text, ["sites", "routes", "hosts"]));
}

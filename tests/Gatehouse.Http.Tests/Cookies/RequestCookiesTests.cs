using System.Text;
using CsCheck;
using Gatehouse.Http.Cookies;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Tests.Cookies;

public class RequestCookiesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a=b", "[a|b]")]
    [InlineData("a=b; c=d", "[a|b][c|d]")]
    [InlineData("a=b;c=d", "[a|b][c|d]")]
    [InlineData(" a = b ;\tc\t=\td ", "[a|b][c|d]")]
    [InlineData(";; a=b;;; ;", "[a|b]")]
    [InlineData("a=", "[a|]")]
    [InlineData("=b", "[|b]")]
    [InlineData("=", "")]
    [InlineData("b", "[|b]")]
    [InlineData("a=b=c==", "[a|b=c==]")]
    [InlineData("a=\"b c\"", "[a|\"b c\"]")]
    [InlineData("a=\"b;c\"", "[a|\"b][|c\"]")]
    [InlineData("a=1, b=2", "[a|1, b=2]")]
    [InlineData("$Version=1; a=b; $Path=/", "[$Version|1][a|b][$Path|/]")]
    [InlineData("a=1; a=2", "[a|1][a|2]")]
    [InlineData("a=%41+\u00e9", "[a|%41+\u00e9]")]
    public void Reads_what_user_agents_send(string field, string expected) => Assert.Equal(expected, Show(new RequestCookies(Encoding.UTF8.GetBytes(field))));

    [Fact]
    public void Finds_the_first_of_a_name_by_case()
    {
        var cookies = new RequestCookies("A=0; a=1; a=2"u8);
        Assert.True(cookies.TryGet("a"u8, out var value));
        Assert.Equal("1"u8, value);
        Assert.False(cookies.TryGet("b"u8, out _));
    }

    [Fact]
    public void Takes_all_Cookie_lines_of_a_message_as_one()
    {
        var bytes = "Cookie: a=b\nHost: x\nCookie: \ncookie: c=d; e=f\n"u8.ToArray();
        var headers = new HeaderTable();
        headers.Reset(bytes);
        var start = 0;
        while (start < bytes.Length)
        {
            var line = bytes.AsSpan(start);
            var colon = line.IndexOf((byte)':');
            headers.Add(KnownHeaders.Find(line[..colon]), start, colon, start + colon + 2, line.IndexOf((byte)'\n') - colon - 2);
            start += line.IndexOf((byte)'\n') + 1;
        }
        Assert.Equal("[a|b][c|d][e|f]", Show(new RequestCookies(headers)));
        Assert.True(new RequestCookies(headers).TryGet("e"u8, out _));
    }

    [Fact]
    public void Stops_at_its_bound_and_says_so()
    {
        foreach (var (sent, truncated) in new[] { (RequestCookies.MaxCookies, false), (RequestCookies.MaxCookies + 1, true), (20_000, true) })
        {
            var cookies = new RequestCookies(Encoding.ASCII.GetBytes(string.Join(";", Enumerable.Repeat("a=b", sent)))).GetEnumerator();
            var count = 0;
            while (cookies.MoveNext())
                count++;
            Assert.Equal(RequestCookies.MaxCookies, count);
            Assert.Equal(truncated, cookies.IsTruncated);
            Assert.False(cookies.MoveNext());
        }
    }

    [Fact]
    public void Reads_back_every_list_of_pairs()
    {
        var text = Gen.Char["!#$%&'()*+-./0123456789:<>?@ABCxyz[]^_`{|}~\""].Array[1, 8].Select(chars => new string(chars));
        Gen.Select(text, text).Array[1, 20].Sample(pairs =>
        {
            var field = string.Join("; ", pairs.Select(pair => $"{pair.Item1}={pair.Item2}"));
            return Show(new RequestCookies(Encoding.ASCII.GetBytes(field))) == string.Concat(pairs.Select(pair => $"[{pair.Item1}|{pair.Item2}]"));
        });
    }

    [Fact]
    public void Never_throws_and_yields_views_of_its_input() =>
        Gen.OneOf(Gen.Byte.Array[0, 100], Gen.OneOf((byte)';', (byte)'=', (byte)' ', (byte)'a', (byte)0, (byte)'"').Array[0, 60]).Sample(bytes =>
        {
            var total = 0;
            foreach (var cookie in new RequestCookies(bytes))
                total += cookie.Name.Length + cookie.Value.Length;
            return total <= bytes.Length;
        });

    [Fact]
    public void Allocates_nothing()
    {
        var field = "session=abcdef; theme=dark; __Host-csrf=0123456789"u8.ToArray();
        static int Count(byte[] bytes) => new RequestCookies(bytes).TryGet("__Host-csrf"u8, out var value) ? value.Length : 0;
        Assert.Equal(10, Count(field));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Count(field);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string Show(RequestCookies cookies)
    {
        var text = new StringBuilder();
        foreach (var cookie in cookies)
            text.Append('[').Append(Encoding.UTF8.GetString(cookie.Name)).Append('|').Append(Encoding.UTF8.GetString(cookie.Value)).Append(']');
        return text.ToString();
    }
}

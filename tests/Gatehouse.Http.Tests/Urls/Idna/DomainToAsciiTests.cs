using System.Diagnostics;
using CsCheck;
using Gatehouse.Http.Urls.Idna;

namespace Gatehouse.Http.Tests.Urls.Idna;

public class DomainToAsciiTests
{
    [Theory]
    [InlineData("Example.COM", "example.com")]
    [InlineData("XN--not-punycode!", "xn--not-punycode!")] // ASCII is not looked into
    [InlineData("", "")]
    [InlineData("Bücher.example", "xn--bcher-kva.example")]
    [InlineData("BU\u0308CHER.example", "xn--bcher-kva.example")] // composed
    [InlineData("straße.de", "xn--strae-oqa.de")] // nontransitional: not strasse
    [InlineData("ﬁ.ü", "fi.xn--tda")] // compatibility mapping
    [InlineData("a\u00adb.ü", "ab.xn--tda")] // soft hyphen is ignored
    [InlineData("日本語。ＪＰ", "xn--wgv71a119e.jp")] // ideographic full stop, full width
    [InlineData("пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f")]
    [InlineData("مثال.إختبار", "xn--mgbh0fb.xn--kgbechtv")]
    [InlineData("한국", "xn--3e0b707e")]
    [InlineData("\u1112\u1161\u11ab\u1100\u116e\u11a8", "xn--3e0b707e")] // Hangul from its letters
    [InlineData("xn--bcher-kva.ü", "xn--bcher-kva.xn--tda")]
    [InlineData("ශ්\u200dරී", "xn--10cl1a0b660p")] // joiner behind a virama
    [InlineData("نامه\u200cای", "xn--mgba3gch31f060k")] // non-joiner between letters that would join
    [InlineData("ab--c-.ü", "ab--c-.xn--tda")] // hyphens are not checked
    [InlineData("💩.la", "xn--ls8h.la")]
    [InlineData("ạ\u0302", "xn--zkg")] // a, dot below, circumflex: one letter in two steps
    public void Converts(string domain, string expected) => Assert.Equal(expected, DomainToAscii.Convert(domain));

    [Theory]
    [InlineData("\ufffd.com")]
    [InlineData("a\ud800")]
    [InlineData("xn--bcher-kva\u00e9.com")]
    [InlineData("xn--abc-.ü")] // Punycode of what needed none
    [InlineData("xn--.ü")]
    [InlineData("xn--a!.ü")]
    [InlineData("xn--a-yoc.ü")] // decodes to what is not valid
    [InlineData("xn--8i7caa.ü")] // decodes to what would have been mapped
    [InlineData("\u0301a")] // begins with a mark
    [InlineData("a\u200db")] // a joiner without virama
    [InlineData("a\u200cb")]
    [InlineData("يa")] // both directions in one label
    [InlineData("0.א1a")]
    [InlineData("1א")]
    [InlineData("א1\u0661")] // European and Arabic digits
    public void Refuses(string domain) => Assert.Null(DomainToAscii.Convert(domain));

    // RFC 3492 section 7.1.
    [Theory]
    [InlineData("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn")]
    [InlineData("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye")]
    [InlineData("Pročprostěnemluvíčesky", "Proprostnemluvesky-uyb24dma41a")]
    [InlineData("3年B組金八先生", "3B-ww4c5e180e575a65lsy2b")]
    [InlineData("Hello-Another-Way-それぞれの場所", "Hello-Another-Way--fc4qua05auwb3674vfr0b")]
    [InlineData("-> $1.00 <-", "-> $1.00 <--")]
    public void Punycode_has_the_examples_of_its_document(string text, string encoded)
    {
        Assert.Equal(encoded, Punycode.Encode(text));
        Assert.True(Punycode.TryDecode(encoded, out var decoded));
        Assert.Equal(text, decoded);
    }

    [Theory]
    [InlineData("99999999")] // overflows
    [InlineData("a-!")]
    [InlineData("a-b")] // ends within a number
    [InlineData("é")]
    public void Punycode_refuses(string text) => Assert.False(Punycode.TryDecode(text, out _));

    [Fact]
    public void Decoding_undoes_encoding() => Gen.Char.Where(character => !char.IsSurrogate(character)).Array[0, 40].Sample(characters =>
        Punycode.Encode(new string(characters)) is { } encoded && Punycode.TryDecode(encoded, out var text) && text == new string(characters));

    [Fact]
    public void Converting_twice_changes_nothing() => Gen.Char.Array[1, 12].Sample(characters =>
        DomainToAscii.Convert(new string(characters)) is not { } ascii || DomainToAscii.Convert(ascii) == ascii);

    [Fact]
    public void Normalizing_twice_changes_nothing() => Gen.Char['\u00c0', '\u1fff'].Array[0, 20].Sample(characters =>
    {
        var once = NormalizationFormC.Normalize(new string(characters));
        return NormalizationFormC.Normalize(once) == once;
    });

    [Fact]
    public void A_hostile_name_costs_no_more_than_its_length()
    {
        var watch = Stopwatch.StartNew();
        Assert.Null(DomainToAscii.Convert(new string('ü', 100_000)));
        Assert.Null(DomainToAscii.Convert("xn--" + new string('a', 100_000) + ".ü"));
        Assert.Null(DomainToAscii.Convert("a" + string.Concat(Enumerable.Repeat("\u0316\u0301", 50_000)) + "\u200d"));
        Assert.NotNull(DomainToAscii.Convert(string.Concat(Enumerable.Repeat("ü.", 20_000))));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
    }
}

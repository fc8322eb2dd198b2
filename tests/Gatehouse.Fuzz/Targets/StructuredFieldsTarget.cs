using System.Text;
using Gatehouse.Http.StructuredFields;

namespace Gatehouse.Fuzz.Targets;

/// <summary>Structured fields: what is accepted, serialised, is accepted again and serialises the same; what is refused has a reason.</summary>
internal sealed class StructuredFieldsTarget : IFuzzTarget
{
    public string Name => "structured-fields";

    public IEnumerable<byte[]> Seeds => Targets.Seeds.Of(
        "42", "-999999999999999", "4.5", "\"a \\\"quoted\\\" string\"", "token/x:*", ":aGVsbG8=:", "?1", "@1659578233", "%\"f%c3%bc%c3%bc\"",
        "a, b;q=0.5, (c \"d\");x", "(\"foo\"; a=1;b=2);lvl=5, (\"bar\" \"baz\");lvl=1",
        "a=1, b=?0, c=(1 2);d, e", "u=1, i", "rating=1.5, feelings=(joy sadness)", "sugar, tea, rum", "()", "a=");

    public void Run(ReadOnlySpan<byte> input)
    {
        if (StructuredField.TryParseItem(input, out var item, out var error)) Comes(StructuredField.Serialize(item), Item);
        else Refused(error);
        if (StructuredField.TryParseList(input, out var list, out error)) Comes(StructuredField.Serialize(list), List);
        else Refused(error);
        if (StructuredField.TryParseDictionary(input, out var dictionary, out error)) Comes(StructuredField.Serialize(dictionary), Dictionary);
        else Refused(error);
    }

    // An empty list or dictionary has no serialisation: its field is not sent (RFC 9651 section 4.1).
    private static void Comes(string text, Func<byte[], string?> again)
    {
        Claim.That(Ascii.IsValid(text) && !text.AsSpan().ContainsAny("\r\n\0"), "a serialised field is ASCII without CR, LF or NUL");
        if (text.Length > 0) Claim.Same(text, again(Encoding.ASCII.GetBytes(text)) ?? "refused", "when serialised and parsed again");
    }

    private static string? Item(byte[] text) => StructuredField.TryParseItem(text, out var item, out _) ? StructuredField.Serialize(item) : null;

    private static string? List(byte[] text) => StructuredField.TryParseList(text, out var list, out _) ? StructuredField.Serialize(list) : null;

    private static string? Dictionary(byte[] text) =>
        StructuredField.TryParseDictionary(text, out var dictionary, out _) ? StructuredField.Serialize(dictionary) : null;

    private static void Refused(string? error) => Claim.That(error is { Length: > 0 }, "a refused field has a reason");
}

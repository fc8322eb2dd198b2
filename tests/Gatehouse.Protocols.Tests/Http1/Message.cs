using System.Text;
using Gatehouse.Testing.Http1Cases;

namespace Gatehouse.Protocols.Tests.Http1;

/// <summary>One message as the reference reader understood it.</summary>
internal sealed record Message(string Line, string Framing, List<(string Name, string Value)> Fields)
{
    public List<(string Name, string Value)> Trailers { get; } = [];

    public MemoryStream Body { get; } = new();

    public bool IsComplete { get; set; }

    /// <summary>
    /// The form in which the vectors have it: start line, what was derived, fields, body and trailers, with bytes that are not printable as \xHH.
    /// </summary>
    public string Describe()
    {
        var text = new StringBuilder().Append(Line.TrimEnd()).Append('\n').Append("  ").Append(Framing).Append('\n');
        foreach (var (name, value) in Fields)
            text.Append("  ").Append(name).Append(": ").Append(value).Append('\n');
        if (Body.Length > 0)
            text.Append("  body ").Append(Escape(Body.ToArray())).Append('\n');
        foreach (var (name, value) in Trailers)
            text.Append("  trailer ").Append(name).Append(": ").Append(value).Append('\n');
        return text.Append(IsComplete ? "  complete\n" : "  incomplete\n").ToString();
    }

    public static string Escape(ReadOnlySpan<byte> bytes) => CorpusCase.Escape(bytes);
}

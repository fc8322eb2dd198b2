using System.Text;

namespace Gatehouse.Http.Server.Tests.Corpora;

/// <summary>One final answer of the <see cref="Reader"/>: its status, and for 200 the request as it was understood.</summary>
internal sealed record Answer(int Status, string Text)
{
    public bool IsUnderstood => Status == 200;

    /// <summary>The request line.</summary>
    public string Line => Parts()[0].Split('\n')[0];

    public IReadOnlyList<(string Name, string Value)> Fields => Pairs(Parts()[0].Split('\n')[1..]);

    public IReadOnlyList<(string Name, string Value)> Trailers => Pairs(Parts()[1].Split('\n', StringSplitOptions.RemoveEmptyEntries));

    public byte[] Body => Encoding.Latin1.GetBytes(Parts()[2]);

    public override string ToString() => $"{Status}: {Text}";

    // Line and fields, an empty line, trailers, an empty line, the body.
    private string[] Parts()
    {
        var headEnd = Text.IndexOf("\n\n", StringComparison.Ordinal);
        var rest = Text[(headEnd + 1)..];
        var trailerEnd = rest.IndexOf("\n\n", StringComparison.Ordinal);
        return [Text[..headEnd], rest[..trailerEnd], rest[(trailerEnd + 2)..]];
    }

    private static List<(string Name, string Value)> Pairs(string[] lines) => [.. lines.Select(line => line.Split(": ", 2)).Select(pair => (pair[0], pair[1]))];
}

namespace Gatehouse.Config.Yaml;

/// <summary>A node of a YAML document with the place where it stands. Immutable; an alias shares the node of its anchor.</summary>
internal abstract class YamlNode(SourceMark mark)
{
    public SourceMark Mark => mark;

    /// <summary>What a fault says was found.</summary>
    public abstract string Found { get; }
}

/// <summary>A scalar, with its variables replaced.</summary>
internal sealed class YamlScalar(SourceMark mark, string text, bool isQuoted = false) : YamlNode(mark)
{
    private const int ShownCharacters = 80;

    public string Text => text;

    /// <summary>True when quotes or a variable made it: then even an empty text, ~ and null are text.</summary>
    public bool IsQuoted => isQuoted;

    /// <summary>True when its text came from a file that holds a secret: it is shown nowhere.</summary>
    public bool IsSecret { get; init; }

    /// <summary>True when a variable of it could not be replaced, which has been reported.</summary>
    public bool IsFaulty { get; init; }

    /// <summary>True for a key without a value: <c>sites:</c>, <c>sites: ~</c> or <c>sites: null</c>.</summary>
    public bool IsNull => !isQuoted && text is ("" or "~" or "null");

    /// <summary>True when faults show only a part of it.</summary>
    public bool IsLong => text.Length > ShownCharacters;

    public override string Found => IsNull ? "nothing" : IsSecret ? "a value that is not shown" : $"'{Shown(text)}'";

    /// <summary>As much of a text as a fault shows.</summary>
    public static string Shown(string text) => text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…";
}

/// <summary>A list.</summary>
internal sealed class YamlSequence(SourceMark mark, IReadOnlyList<YamlNode> items) : YamlNode(mark)
{
    public IReadOnlyList<YamlNode> Items => items;

    public override string Found => "a list";
}

/// <summary>A mapping with distinct keys, in the order of the file.</summary>
internal sealed class YamlMapping(SourceMark mark, IReadOnlyList<YamlEntry> entries) : YamlNode(mark)
{
    public IReadOnlyList<YamlEntry> Entries => entries;

    public override string Found => "a mapping";

    public YamlEntry? Find(string key)
    {
        foreach (var entry in entries)
        {
            if (entry.Key == key)
                return entry;
        }
        return null;
    }
}

/// <summary>A key of a mapping and its value.</summary>
internal sealed record YamlEntry(SourceMark Mark, string Key, YamlNode Value);

namespace Gatehouse.Web;

/// <summary>An attribute without a value, there or not.</summary>
public readonly struct HtmlFlag
{
    internal HtmlFlag(string name, bool isOn)
    {
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetter(c) && c != '-') || name.StartsWith("on", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"Expected the name of an attribute like checked or disabled; found '{name}'.", nameof(name));
        Name = isOn ? name : "";
    }

    /// <summary>The name; empty when it is not there.</summary>
    internal string Name { get; }
}

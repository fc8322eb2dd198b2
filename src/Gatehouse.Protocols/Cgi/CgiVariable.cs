namespace Gatehouse.Protocols.Cgi;

/// <summary>One of <see cref="CgiVariables"/>: views into its buffer, valid until the table changes.</summary>
public readonly ref struct CgiVariable
{
    /// <summary>Joins a name and a value.</summary>
    public CgiVariable(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>The name: upper-case letters, digits and underscores, or what a configuration says.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value, which may be empty.</summary>
    public ReadOnlySpan<byte> Value { get; }
}

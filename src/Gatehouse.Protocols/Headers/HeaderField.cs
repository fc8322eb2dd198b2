namespace Gatehouse.Protocols.Headers;

/// <summary>One field of a <see cref="HeaderTable"/>: views into its buffer, valid as long as the message is.</summary>
public readonly ref struct HeaderField
{
    /// <summary>Joins a name and a value.</summary>
    public HeaderField(KnownHeader known, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Known = known;
        Name = name;
        Value = value;
    }

    /// <summary>Which known field it is, or <see cref="KnownHeader.None"/>.</summary>
    public KnownHeader Known { get; }

    /// <summary>The name as received.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value without surrounding white space.</summary>
    public ReadOnlySpan<byte> Value { get; }
}

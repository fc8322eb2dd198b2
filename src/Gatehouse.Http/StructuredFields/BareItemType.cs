namespace Gatehouse.Http.StructuredFields;

/// <summary>The types of a bare item (RFC 9651 section 3.3).</summary>
public enum BareItemType
{
    /// <summary>A whole number of up to 15 digits.</summary>
    Integer,

    /// <summary>A number of up to 12 digits before the point and up to three behind it.</summary>
    Decimal,

    /// <summary>Printable ASCII, in quotes.</summary>
    String,

    /// <summary>A short word, without quotes.</summary>
    Token,

    /// <summary>Bytes, in base64.</summary>
    ByteSequence,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A moment in whole seconds.</summary>
    Date,

    /// <summary>Text for people, in any script.</summary>
    DisplayString,
}

using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Http2;

/// <summary>Which field a line of a field section is: a <see cref="KnownHeader"/>, or above <see cref="Pseudo"/> a pseudo-header field.</summary>
internal enum Http2FieldKind : byte
{
    /// <summary>A field with a name that is not known; those known follow with the numbers of <see cref="KnownHeader"/>.</summary>
    None = 0,

    /// <summary>From here on they are pseudo-header fields (RFC 9113 section 8.3, RFC 8441 section 4).</summary>
    Pseudo = 240,

    Method = Pseudo,
    Scheme,
    Authority,
    Path,
    Protocol,
    Status,

    /// <summary>A name that starts with a colon and is none of these.</summary>
    OtherPseudo,
}

/// <summary>From names to kinds.</summary>
internal static class Http2FieldKinds
{
    /// <summary>The known field of a kind; <see cref="KnownHeader.None"/> for pseudo-header fields.</summary>
    public static KnownHeader Known(Http2FieldKind kind) => kind < Http2FieldKind.Pseudo ? (KnownHeader)kind : KnownHeader.None;

    /// <summary>The kind of a name.</summary>
    public static Http2FieldKind Find(ReadOnlySpan<byte> name) =>
        name.Length > 0 && name[0] == ':' ? FindPseudo(name) : (Http2FieldKind)KnownHeaders.Find(name);

    /// <summary>The kind of a name that starts with a colon.</summary>
    public static Http2FieldKind FindPseudo(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual(":path"u8))
            return Http2FieldKind.Path;
        if (name.SequenceEqual(":authority"u8))
            return Http2FieldKind.Authority;
        if (name.SequenceEqual(":method"u8))
            return Http2FieldKind.Method;
        if (name.SequenceEqual(":scheme"u8))
            return Http2FieldKind.Scheme;
        if (name.SequenceEqual(":status"u8))
            return Http2FieldKind.Status;
        return name.SequenceEqual(":protocol"u8) ? Http2FieldKind.Protocol : Http2FieldKind.OtherPseudo;
    }
}

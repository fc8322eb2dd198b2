namespace Gatehouse.Protocols.Http2;

/// <summary>What a field section is part of, which decides the pseudo-header fields that it may have (RFC 9113 section 8.3).</summary>
public enum Http2SectionKind
{
    /// <summary>The head of a request.</summary>
    Request,

    /// <summary>The head of a response.</summary>
    Response,

    /// <summary>The fields behind a body.</summary>
    Trailers,
}

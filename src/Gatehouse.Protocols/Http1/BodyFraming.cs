namespace Gatehouse.Protocols.Http1;

/// <summary>How the end of a message's body is found (RFC 9112 section 6.3).</summary>
public enum BodyFraming
{
    /// <summary>There is no body.</summary>
    None,

    /// <summary>By Content-Length.</summary>
    Length,

    /// <summary>By the last chunk (RFC 9112 section 7.1).</summary>
    Chunked,

    /// <summary>By the end of the connection; a response only.</summary>
    UntilClose,
}

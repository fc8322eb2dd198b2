namespace Gatehouse.Protocols.Http1;

/// <summary>What a parser says of the bytes it was given.</summary>
public enum ParseStatus
{
    /// <summary>So far well-formed; more bytes are needed.</summary>
    NeedMore,

    /// <summary>Complete.</summary>
    Done,

    /// <summary>Malformed or over a limit; the parser's error says what, and the connection is lost.</summary>
    Failed,
}

using Gatehouse.Protocols.Headers;

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

/// <summary>A fault in a message: the status that answers it, what is wrong in words with the rule, and where.</summary>
/// <param name="Status">400, 414, 431, 501, 505 ...</param>
/// <param name="Message">What was expected and what was found, without the client's bytes.</param>
/// <param name="Offset">Offset from the start of the message.</param>
public sealed record Http1Error(int Status, string Message, int Offset);

/// <summary>
/// Parses the head of an HTTP/1 request (RFC 9112 sections 2 to 5), strictly, in one pass over the bytes and line by line as they arrive.
/// Results are offsets into the buffer given to <see cref="Parse"/>. Reused from message to message by <see cref="Reset"/>; allocates nothing in the steady state.
/// </summary>
public sealed class Http1RequestParser
{
    /// <summary>Makes a parser with these limits.</summary>
    public Http1RequestParser(Http1Limits limits) => Limits = limits;

    /// <summary>The limits it holds.</summary>
    public Http1Limits Limits { get; set; }

    /// <summary>The fields.</summary>
    public HeaderTable Headers { get; } = new();

    /// <summary>The method, or <see cref="Method.Other"/>.</summary>
    public Method Method { get; private set; }

    /// <summary>The method's token.</summary>
    public Slice MethodName { get; private set; }

    /// <summary>The whole request target.</summary>
    public Slice Target { get; private set; }

    /// <summary>The path of the target: as received in origin form; the path part of absolute form ('/' when it has none, which then lies outside the target); '*'; empty in authority form.</summary>
    public Slice Path { get; private set; }

    /// <summary>The query without its question mark.</summary>
    public Slice Query { get; private set; }

    /// <summary>True when the target has a question mark.</summary>
    public bool HasQuery { get; private set; }

    /// <summary>Host and port: of the target in absolute or authority form, else the Host field's value.</summary>
    public Slice Authority { get; private set; }

    /// <summary>1 for HTTP/1.1 (and any later minor version), 0 for HTTP/1.0.</summary>
    public int MinorVersion { get; private set; }

    /// <summary>Length of the body; 0 when there is none, -1 when chunked.</summary>
    public long ContentLength { get; private set; }

    /// <summary>True when the connection persists after this message (RFC 9112 section 9.3).</summary>
    public bool KeepAlive { get; private set; }

    /// <summary>True for Expect: 100-continue in HTTP/1.1.</summary>
    public bool ExpectsContinue { get; private set; }

    /// <summary>True when Upgrade is present and named in Connection.</summary>
    public bool AsksUpgrade { get; private set; }

    /// <summary>The fault after <see cref="ParseStatus.Failed"/>.</summary>
    public Http1Error? Error { get; private set; }

    /// <summary>Makes the parser new for the next message.</summary>
    public void Reset() => throw new NotImplementedException();

    /// <summary>
    /// Goes on with the message that starts at <paramref name="start"/>; the bytes before <paramref name="end"/> have arrived. Call again with a larger <paramref name="end"/>
    /// (and <see cref="Rebase"/> before, when the bytes were moved) after <see cref="ParseStatus.NeedMore"/>.
    /// </summary>
    /// <param name="buffer">Holds the message.</param>
    /// <param name="start">Where the message starts.</param>
    /// <param name="end">Behind the last byte that has arrived.</param>
    /// <param name="headEnd">Behind the head, when done: where the body starts.</param>
    public ParseStatus Parse(byte[] buffer, int start, int end, out int headEnd) => throw new NotImplementedException();

    /// <summary>The bytes of the message were moved by <paramref name="delta"/>, into another buffer or the same.</summary>
    public void Rebase(byte[] buffer, int delta) => throw new NotImplementedException();
}

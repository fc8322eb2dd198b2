namespace Gatehouse.Protocols.Http1;

/// <summary>A fault in a message: the status that answers it, what is wrong in words with the rule, and where.</summary>
/// <param name="Status">400, 414, 417, 431, 501 or 505 in a request; 502 in a response.</param>
/// <param name="Message">What was expected and what was found, without the peer's bytes.</param>
/// <param name="Offset">Offset from the start of the message (of a chunked body: from the start of the body).</param>
public sealed record Http1Error(int Status, string Message, int Offset);

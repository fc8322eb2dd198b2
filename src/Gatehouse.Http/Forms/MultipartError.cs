namespace Gatehouse.Http.Forms;

/// <summary>A fault in a multipart body: the status that answers it, what is wrong in words, and where.</summary>
/// <param name="Status">400 for malformed, 413 for over a limit.</param>
/// <param name="Message">What was expected and what was found, without the client's bytes.</param>
/// <param name="Offset">Offset from the start of the body.</param>
public sealed record MultipartError(int Status, string Message, long Offset);

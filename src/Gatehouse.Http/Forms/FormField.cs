namespace Gatehouse.Http.Forms;

/// <summary>A field of a form.</summary>
/// <param name="Name">Its name; bytes that are no UTF-8 are U+FFFD.</param>
/// <param name="Value">Its value; bytes that are no text in its charset are U+FFFD.</param>
/// <param name="ContentType">The Content-Type of its part of a multipart body; null when there is none.</param>
public readonly record struct FormField(string Name, string Value, string? ContentType = null);

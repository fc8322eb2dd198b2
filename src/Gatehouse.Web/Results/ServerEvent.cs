namespace Gatehouse.Web;

/// <summary>One event of a stream of server-sent events (HTML, section 9.2).</summary>
/// <param name="Data">What it says; may have lines.</param>
/// <param name="Name">Its name; null for a plain message.</param>
/// <param name="Id">What the client tells when it connects again (Last-Event-ID); null for none.</param>
public sealed record ServerEvent(string Data, string? Name = null, string? Id = null);

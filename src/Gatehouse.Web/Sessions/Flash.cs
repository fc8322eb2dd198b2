namespace Gatehouse.Web;

/// <summary>A message that the next page shows once.</summary>
/// <param name="Kind">What kind it is, such as "info" or "error": for styles.</param>
/// <param name="Message">The message.</param>
public sealed record Flash(string Kind, string Message);

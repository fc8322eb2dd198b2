namespace Gatehouse.Protocols;

/// <summary>The request methods that the stack itself knows (RFC 9110 section 9, PATCH of RFC 5789); any other token is <see cref="Other"/>.</summary>
public enum Method : byte
{
#pragma warning disable CS1591 // each member is the method of that name
    Other = 0,
    Get,
    Head,
    Post,
    Put,
    Delete,
    Connect,
    Options,
    Trace,
    Patch,
#pragma warning restore CS1591
}

namespace Gatehouse.Http;

/// <summary>The protocol that a message travelled in.</summary>
public enum HttpVersion : byte
{
#pragma warning disable CS1591 // each member is the version of that name
    Http10 = 10,
    Http11 = 11,
    Http2 = 20,
#pragma warning restore CS1591
}

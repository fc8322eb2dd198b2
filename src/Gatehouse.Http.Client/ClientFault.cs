namespace Gatehouse.Http.Client;

/// <summary>Which step of a request to another server failed.</summary>
public enum ClientFault
{
    /// <summary>No connection could be made: refused, unreachable, reset in the handshake.</summary>
    Connect,

    /// <summary>The connection was not made in time.</summary>
    ConnectTimeout,

    /// <summary>The server did not take the request up, and says so (REFUSED_STREAM or GOAWAY, RFC 9113 section 8.7): it may be sent again.</summary>
    Refused,

    /// <summary>The server agreed on another protocol (ALPN) than the one that was wanted; nothing was sent.</summary>
    OtherProtocol,

    /// <summary>The connection ended or broke before the first byte of a response.</summary>
    ClosedBeforeResponse,

    /// <summary>The response's head did not come in time.</summary>
    ResponseTimeout,

    /// <summary>The response is not HTTP as RFC 9112 has it, or over a limit.</summary>
    BadResponse,

    /// <summary>The connection ended or broke inside the response.</summary>
    Truncated,

    /// <summary>The body did not go on in time.</summary>
    BodyTimeout,

    /// <summary>The request could not be sent on in time.</summary>
    SendTimeout,

    /// <summary>Too many redirects, or one that must not be followed.</summary>
    Redirect,

    /// <summary>As many connections as the pool may have are open.</summary>
    PoolExhausted,

    /// <summary>The host's name has no address, or nobody could be asked for it.</summary>
    NameResolution,

    /// <summary>A proxy did not make the tunnel that it was asked for.</summary>
    ProxyRefused,

    /// <summary>All steps together took too long.</summary>
    TotalTimeout,
}

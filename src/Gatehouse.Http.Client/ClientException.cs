namespace Gatehouse.Http.Client;

/// <summary>A request to another server failed; says at which step, and whether the server may have seen it.</summary>
public sealed class ClientException : IOException
{
    /// <summary>A failure of that step.</summary>
    public ClientException(ClientFault fault, string message)
        : base(message) => Fault = fault;

    /// <summary>A failure of that step.</summary>
    public ClientException(ClientFault fault, string message, Exception innerException)
        : base(message, innerException) => Fault = fault;

    /// <summary>A failure to connect.</summary>
    public ClientException()
        : this(ClientFault.Connect, "the connection failed")
    {
    }

    /// <summary>A failure to connect.</summary>
    public ClientException(string message)
        : this(ClientFault.Connect, message)
    {
    }

    /// <summary>A failure to connect.</summary>
    public ClientException(string message, Exception innerException)
        : this(ClientFault.Connect, message, innerException)
    {
    }

    /// <summary>The step that failed.</summary>
    public ClientFault Fault { get; }

    /// <summary>True when the connection stood and TLS on it failed; the message says how.</summary>
    public bool IsHandshake { get; init; }

    /// <summary>True when the connection broke, rather than ended.</summary>
    public bool IsReset { get; init; }

    /// <summary>True when the server cannot have begun to work on the request, so that even one that is not idempotent may be sent again.</summary>
    public bool IsUnsent => Fault
        is ClientFault.NameResolution or ClientFault.Connect or ClientFault.ConnectTimeout or ClientFault.ProxyRefused or ClientFault.PoolExhausted or ClientFault.Refused
            or ClientFault.OtherProtocol;

    /// <summary>
    /// The status with which a gateway reports this (RFC 9110 sections 15.6.3 to 15.6.5): 504 for a time-out, 503 when nothing could be tried, else 502.
    /// </summary>
    public int GatewayStatus => Fault switch
    {
        ClientFault.ConnectTimeout or ClientFault.ResponseTimeout or ClientFault.BodyTimeout or ClientFault.SendTimeout or ClientFault.TotalTimeout => 504,
        ClientFault.PoolExhausted => 503,
        _ => 502,
    };
}

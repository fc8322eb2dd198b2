namespace Gatehouse.Edge.Headers;

/// <summary>What a <see cref="HeaderTemplate"/> can name; their names, in kebab-case behind a dollar sign, are those of the access log.</summary>
internal enum HeaderVariable
{
    /// <summary>The client's address, as trusted proxies name it.</summary>
    Client,

    /// <summary>The client's port; 0 when only its address is known.</summary>
    ClientPort,

    /// <summary>The address of the connection's peer.</summary>
    Remote,

    /// <summary>The host that the request is for, without its port.</summary>
    Host,

    /// <summary>http or https, as the client sees it.</summary>
    Scheme,

    /// <summary>The method.</summary>
    Method,

    /// <summary>The path as it stands, percent-encoded.</summary>
    Path,

    /// <summary>The query as it stands, without the question mark.</summary>
    Query,

    /// <summary>The request target as received.</summary>
    Target,

    /// <summary>The version of TLS, like TLSv1.3; empty for none.</summary>
    TlsVersion,

    /// <summary>The name that the client asked TLS for (SNI); empty for none.</summary>
    TlsName,

    /// <summary>The subject of the client's verified certificate; empty for none.</summary>
    ClientSubject,

    /// <summary>The issuer of the client's verified certificate; empty for none.</summary>
    ClientIssuer,

    /// <summary>The serial number of the client's verified certificate, in hexadecimal; empty for none.</summary>
    ClientSerial,

    /// <summary>The SHA-256 of the client's verified certificate, in hexadecimal; empty for none.</summary>
    ClientFingerprint,

    /// <summary>The authenticated user; empty for none.</summary>
    User,

    /// <summary>The route, as the configuration writes its path.</summary>
    Route,

    /// <summary>The upstream target that answered; empty for none.</summary>
    Upstream,

    /// <summary>The identifier of the request, where a request-id wrapper gave it one.</summary>
    RequestId,

    /// <summary>The traceparent for whoever the request is passed on to, under the same condition.</summary>
    Traceparent,
}

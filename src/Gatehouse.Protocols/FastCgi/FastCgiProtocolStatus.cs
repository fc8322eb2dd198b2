namespace Gatehouse.Protocols.FastCgi;

/// <summary>How a request ended (FastCGI 1.0 section 5.5).</summary>
public enum FastCgiProtocolStatus : byte
{
    /// <summary>In order; how the application itself fared is in its own status.</summary>
    RequestComplete = 0,

    /// <summary>Refused: the application does one request at a time on a connection.</summary>
    CannotMultiplex = 1,

    /// <summary>Refused: the application is out of some resource.</summary>
    Overloaded = 2,

    /// <summary>Refused: the application does not know the role.</summary>
    UnknownRole = 3,
}

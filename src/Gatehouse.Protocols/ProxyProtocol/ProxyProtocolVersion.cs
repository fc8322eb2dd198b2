namespace Gatehouse.Protocols.ProxyProtocol;

/// <summary>Which header of the PROXY protocol begins a connection.</summary>
public enum ProxyProtocolVersion
{
    /// <summary>None.</summary>
    None,

    /// <summary>Version 1, a line of text.</summary>
    Version1,

    /// <summary>Version 2, binary.</summary>
    Version2,
}

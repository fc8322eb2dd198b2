namespace Gatehouse.Dns;

/// <summary>Why a name was not found out about.</summary>
public enum DnsFault
{
    /// <summary>Nobody answered in time.</summary>
    Timeout,

    /// <summary>The server could not be reached, or the connection to it broke.</summary>
    Network,

    /// <summary>The server is not whom it should be: its certificate or key is not accepted.</summary>
    Untrusted,

    /// <summary>The server answered something that is not an answer.</summary>
    BadReply,

    /// <summary>As many queries as are allowed wait for this server already.</summary>
    Busy,

    /// <summary>The server answered that it failed, or refuses.</summary>
    ServerFailure,

    /// <summary>There is no such name.</summary>
    NoName,

    /// <summary>The name has no record of that type.</summary>
    NoData,

    /// <summary>The signatures of the answer do not hold.</summary>
    Bogus,
}

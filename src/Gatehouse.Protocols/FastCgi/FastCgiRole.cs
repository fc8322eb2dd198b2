namespace Gatehouse.Protocols.FastCgi;

/// <summary>What an application does with a request (FastCGI 1.0 section 6).</summary>
public enum FastCgiRole : ushort
{
    /// <summary>No role.</summary>
    None = 0,

    /// <summary>Answers, as a CGI script does.</summary>
    Responder = 1,

    /// <summary>Decides whether a request is allowed.</summary>
    Authorizer = 2,

    /// <summary>Answers with a file that it is given, changed.</summary>
    Filter = 3,
}

namespace Gatehouse.Protocols.FastCgi;

/// <summary>The types of records (FastCGI 1.0 section 8).</summary>
public enum FastCgiRecordType : byte
{
    /// <summary>No type: the record before the first.</summary>
    None = 0,

    /// <summary>The web server starts a request.</summary>
    BeginRequest = 1,

    /// <summary>The web server gives a request up.</summary>
    AbortRequest = 2,

    /// <summary>The application has ended a request.</summary>
    EndRequest = 3,

    /// <summary>Name-value pairs of a request: a stream.</summary>
    Params = 4,

    /// <summary>The body of a request: a stream.</summary>
    Stdin = 5,

    /// <summary>The answer: a stream.</summary>
    Stdout = 6,

    /// <summary>Messages for the log: a stream.</summary>
    Stderr = 7,

    /// <summary>A second input, of the Filter role: a stream.</summary>
    Data = 8,

    /// <summary>The web server asks for variables of the application.</summary>
    GetValues = 9,

    /// <summary>The application tells them.</summary>
    GetValuesResult = 10,

    /// <summary>The application does not know the type of a management record.</summary>
    UnknownType = 11,
}

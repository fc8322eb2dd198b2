namespace Gatehouse.Protocols.FastCgi;

/// <summary>What a <see cref="FastCgiResponseReader"/> met next.</summary>
public enum FastCgiResponseStep
{
    /// <summary>Nothing more in these bytes.</summary>
    NeedMore,

    /// <summary>Bytes of the answer.</summary>
    Output,

    /// <summary>Bytes for the log.</summary>
    Error,

    /// <summary>The end of the request.</summary>
    End,

    /// <summary>The peer broke the protocol; the connection is lost.</summary>
    Failed,
}

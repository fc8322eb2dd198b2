namespace Gatehouse.Protocols.FastCgi;

/// <summary>What a <see cref="FastCgiDecoder"/> met next.</summary>
public enum FastCgiStep
{
    /// <summary>Nothing more in these bytes; call again with those that arrive next.</summary>
    NeedMore,

    /// <summary>Bytes of the current record's content.</summary>
    Content,

    /// <summary>The end of the current record, padding included.</summary>
    RecordEnd,

    /// <summary>The bytes are not FastCGI; the connection is lost.</summary>
    Failed,
}

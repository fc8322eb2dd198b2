namespace Gatehouse.Bench.Load;

/// <summary>The one request that a row sends again and again, and the answer that must come back.</summary>
internal sealed record Work(string Target, ReadOnlyMemory<byte> Body)
{
    /// <summary>The answer comes from a file: it must bear Last-Modified and ETag.</summary>
    public bool IsFile { get; init; }

    /// <summary>Each request asks for Connection: close, and the server must close.</summary>
    public bool Closes { get; init; }

    /// <summary>Bytes that are sent with it as a POST; 0 for a GET.</summary>
    public int Upload { get; init; }

    /// <summary>A server may end the connection after an answer, if it says so.</summary>
    public bool MayClose { get; init; }

    /// <summary>The answer need not bear Date: not every server of the row gives it.</summary>
    public bool IsUndated { get; init; }

    /// <summary>The answer differs from one request to the next: its status and that it has a body are looked at, and answers are counted, not bytes.</summary>
    public bool IsVaried { get; init; }

    /// <summary>The header lines that are sent beside Host.</summary>
    public IReadOnlyList<string> Headers => Closes ? ["Connection: close"] : [];
}

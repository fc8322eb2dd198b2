namespace Gatehouse.Http.Server;

/// <summary>
/// Where a client's connection stands. The legal moves:
/// <code>
/// Idle      -> Head (first byte), Closed (end of stream, keep-alive time-out, drain)
/// Head      -> Handling (head complete), Lingering (malformed, over a limit, too slow), Closed
/// Handling  -> Idle or Head (answered, keep-alive), Tunnel (upgrade), Lingering (answered, must close, bytes unread), Closed
/// Tunnel    -> Closed
/// Lingering -> Closed
/// </code>
/// </summary>
internal enum ConnectionState : byte
{
    /// <summary>Between requests: owns no buffer and no exchange.</summary>
    Idle,

    /// <summary>A head has begun to arrive.</summary>
    Head,

    /// <summary>A handler has the exchange.</summary>
    Handling,

    /// <summary>Raw bytes both ways after an upgrade; the handler still has the exchange.</summary>
    Tunnel,

    /// <summary>Answered and half-closed; what the client still sends is read and dropped so that no reset overtakes the answer.</summary>
    Lingering,

    /// <summary>Over.</summary>
    Closed,
}

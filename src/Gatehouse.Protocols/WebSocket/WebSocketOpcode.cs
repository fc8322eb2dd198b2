namespace Gatehouse.Protocols.WebSocket;

/// <summary>What a frame of a WebSocket is (RFC 6455 section 5.2).</summary>
public enum WebSocketOpcode
{
    /// <summary>A further part of the message before.</summary>
    Continuation = 0,

    /// <summary>UTF-8 text.</summary>
    Text = 1,

    /// <summary>Bytes.</summary>
    Binary = 2,

    /// <summary>The end.</summary>
    Close = 8,

    /// <summary>A question whether the peer is there.</summary>
    Ping = 9,

    /// <summary>The answer to it.</summary>
    Pong = 10,
}

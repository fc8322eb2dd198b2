namespace Gatehouse.Protocols.Http2;

/// <summary>The numbers of RFC 9113 that both sides share.</summary>
public static class Http2Protocol
{
    /// <summary>Bytes of a frame's header.</summary>
    public const int HeaderBytes = 9;

    /// <summary>The content of a frame that every peer takes, and the most that this side takes (SETTINGS_MAX_FRAME_SIZE, section 6.5.2).</summary>
    public const int FrameBytes = 16 * 1024;

    /// <summary>A flow-control window before any setting (section 6.9.2).</summary>
    public const int InitialWindow = 65_535;

    /// <summary>The largest flow-control window, and the largest identifier of a stream.</summary>
    public const int MaxWindow = int.MaxValue;

    /// <summary>Bytes of a dynamic table before any setting (section 6.5.2), and the most that this side uses either way.</summary>
    public const int TableBytes = 4096;

    /// <summary>What a client sends first (section 3.4).</summary>
    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;
}

namespace Gatehouse.Protocols.Http2;

/// <summary>The flags of frames (RFC 9113 section 6); which of them mean something depends on the frame's type.</summary>
[Flags]
public enum Http2Flags : byte
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>SETTINGS, PING: the answer to the peer's.</summary>
    Ack = 0x1,

#pragma warning disable CA1069 // one bit, which means another thing in each type of frame
    /// <summary>DATA, HEADERS: the sender has nothing more to send on the stream.</summary>
    EndStream = 0x1,
#pragma warning restore CA1069

    /// <summary>HEADERS, CONTINUATION: the field block ends here.</summary>
    EndHeaders = 0x4,

    /// <summary>DATA, HEADERS: padding follows the content.</summary>
    Padded = 0x8,

    /// <summary>HEADERS: the priority of RFC 7540 stands before the field block.</summary>
    Priority = 0x20,
}

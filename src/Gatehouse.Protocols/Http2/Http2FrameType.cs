namespace Gatehouse.Protocols.Http2;

/// <summary>The type of a frame (RFC 9113 section 6, RFC 9218 section 7.1). A frame of any other type is ignored.</summary>
public enum Http2FrameType : byte
{
#pragma warning disable CS1591 // each member is the frame of that name
    Data = 0x0,
    Headers = 0x1,
    Priority = 0x2,
    RstStream = 0x3,
    Settings = 0x4,
    PushPromise = 0x5,
    Ping = 0x6,
    GoAway = 0x7,
    WindowUpdate = 0x8,
    Continuation = 0x9,
    PriorityUpdate = 0x10,
#pragma warning restore CS1591
}

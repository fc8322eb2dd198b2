namespace Gatehouse.Protocols.Http2;

/// <summary>Why a stream or a connection ends (RFC 9113 section 7).</summary>
public enum Http2ErrorCode : uint
{
#pragma warning disable CS1591 // each member is the code of that name
    NoError = 0x0,
    ProtocolError = 0x1,
    InternalError = 0x2,
    FlowControlError = 0x3,
    SettingsTimeout = 0x4,
    StreamClosed = 0x5,
    FrameSizeError = 0x6,
    RefusedStream = 0x7,
    Cancel = 0x8,
    CompressionError = 0x9,
    ConnectError = 0xA,
    EnhanceYourCalm = 0xB,
    InadequateSecurity = 0xC,
    Http11Required = 0xD,
#pragma warning restore CS1591
}

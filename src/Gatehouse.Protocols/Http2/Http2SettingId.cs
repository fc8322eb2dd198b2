namespace Gatehouse.Protocols.Http2;

/// <summary>The settings (RFC 9113 section 6.5.2, RFC 8441 section 3, RFC 9218 section 2.1). Any other is ignored.</summary>
public enum Http2SettingId : ushort
{
#pragma warning disable CS1591 // each member is the setting of that name
    None = 0,
    HeaderTableSize = 0x1,
    EnablePush = 0x2,
    MaxConcurrentStreams = 0x3,
    InitialWindowSize = 0x4,
    MaxFrameSize = 0x5,
    MaxHeaderListSize = 0x6,
    EnableConnectProtocol = 0x8,
    NoRfc7540Priorities = 0x9,
#pragma warning restore CS1591
}

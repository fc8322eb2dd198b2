using System.Buffers.Binary;

namespace Gatehouse.Protocols.Http2;

/// <summary>What the peer has said in its SETTINGS, with the defaults of RFC 9113 section 6.5.2 until then.</summary>
public struct Http2Settings
{
    /// <summary>The defaults.</summary>
    public Http2Settings()
    {
    }

    /// <summary>Bytes of the dynamic table with which the peer decodes.</summary>
    public long HeaderTableSize { get; private set; } = Http2Protocol.TableBytes;

    /// <summary>Streams that the peer allows at a time; no limit before it says so.</summary>
    public long MaxConcurrentStreams { get; private set; } = uint.MaxValue;

    /// <summary>The window with which streams start.</summary>
    public int InitialWindowSize { get; private set; } = Http2Protocol.InitialWindow;

    /// <summary>Bytes of content that the peer takes in a frame.</summary>
    public int MaxFrameSize { get; private set; } = Http2Protocol.FrameBytes;

    /// <summary>Bytes of fields that the peer takes in a message, as advice.</summary>
    public long MaxHeaderListSize { get; private set; } = uint.MaxValue;

    /// <summary>True when the peer takes extended CONNECT (RFC 8441).</summary>
    public bool EnableConnectProtocol { get; private set; }

    /// <summary>True when the peer does without the priorities of RFC 7540.</summary>
    public bool NoRfc7540Priorities { get; private set; }

    /// <summary>Takes the content of a SETTINGS frame over. A fault ends the connection.</summary>
    public Http2Fault Apply(ReadOnlySpan<byte> payload)
    {
        for (; payload.Length >= 6; payload = payload[6..])
        {
            var id = (Http2SettingId)BinaryPrimitives.ReadUInt16BigEndian(payload);
            var value = BinaryPrimitives.ReadUInt32BigEndian(payload[2..]);
            switch (id)
            {
                case Http2SettingId.HeaderTableSize:
                    HeaderTableSize = value;
                    break;
                case Http2SettingId.EnablePush when value > 1:
                    return Wrong(id, value, "0 or 1");
                case Http2SettingId.MaxConcurrentStreams:
                    MaxConcurrentStreams = value;
                    break;
                case Http2SettingId.InitialWindowSize:
                    if (value > Http2Protocol.MaxWindow)
                        return Http2Fault.OfConnection(Http2ErrorCode.FlowControlError, $"SETTINGS_INITIAL_WINDOW_SIZE of {value}; at most 2^31-1 (RFC 9113 section 6.5.2)");
                    InitialWindowSize = (int)value;
                    break;
                case Http2SettingId.MaxFrameSize:
                    if (value is < Http2Protocol.FrameBytes or > 0xFF_FFFF)
                        return Wrong(id, value, "16,384 to 2^24-1");
                    MaxFrameSize = (int)value;
                    break;
                case Http2SettingId.MaxHeaderListSize:
                    MaxHeaderListSize = value;
                    break;
                case Http2SettingId.EnableConnectProtocol:
                    if (value > 1 || (EnableConnectProtocol && value == 0))
                        return Wrong(id, value, "0 or 1, and never 0 after 1");
                    EnableConnectProtocol = value == 1;
                    break;
                case Http2SettingId.NoRfc7540Priorities:
                    if (value > 1)
                        return Wrong(id, value, "0 or 1");
                    NoRfc7540Priorities = value == 1;
                    break;
            }
        }
        return default;
    }

    private static Http2Fault Wrong(Http2SettingId id, uint value, string expected) =>
        Http2Fault.OfConnection(Http2ErrorCode.ProtocolError, $"the setting {id} is {value}; expected {expected}");
}

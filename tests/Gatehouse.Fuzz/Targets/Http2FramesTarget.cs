using Gatehouse.Protocols.Http2;

namespace Gatehouse.Fuzz.Targets;

/// <summary>A run of frames: each is judged by its header, and its parts lie within it.</summary>
internal sealed class Http2FramesTarget : IFuzzTarget
{
    public string Name => "http2-frames";

    public IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString("000006040000000000000300000064000000040100000000"),
        Convert.FromHexString("00000d012d00000001020000000b0f828684840000"),
        Convert.FromHexString("000005000900000001026162000000000408000000000000000001"),
        Convert.FromHexString("00000710000000000000000001753d31"),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var settings = new Http2Settings();
        while (Http2FrameHeader.TryRead(input, out var header))
        {
            if (!header.Check().IsNone || input.Length - Http2Protocol.HeaderBytes < header.Length)
                return;
            var payload = input.Slice(Http2Protocol.HeaderBytes, header.Length);
            input = input[(Http2Protocol.HeaderBytes + header.Length)..];
            switch (header.Type)
            {
                case Http2FrameType.Data or Http2FrameType.Headers:
                    if (Http2FramePayload.Unwrap(header, payload, out var content).IsNone)
                        Claim.That(content.Length <= payload.Length, "content within the frame");
                    break;
                case Http2FrameType.Settings:
                    if (!settings.Apply(payload).IsNone)
                        return;
                    Claim.That(settings.MaxFrameSize >= Http2Protocol.FrameBytes && settings.InitialWindowSize >= 0, "settings within their ranges");
                    break;
                case Http2FrameType.PriorityUpdate:
                    Claim.That(Http2Priority.Parse(payload[4..]).Urgency < Http2Priority.Levels, "an urgency from 0 to 7");
                    break;
                case Http2FrameType.WindowUpdate:
                    Claim.That(Http2FramePayload.Id(payload) >= 0, "an increment of 31 bits");
                    break;
            }
        }
    }
}

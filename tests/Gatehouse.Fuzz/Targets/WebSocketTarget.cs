using System.Text;
using Gatehouse.Protocols.WebSocket;

namespace Gatehouse.Fuzz.Targets;

/// <summary>Frames of a WebSocket (RFC 6455): the same verdict however they arrive; what is written reads back, and a mask undoes itself.</summary>
internal sealed class WebSocketTarget : IFuzzTarget
{
    public string Name => "websocket";

    public IEnumerable<byte[]> Seeds =>
    [
        [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58],
        [0x01, 0x03, .. "Hel"u8, 0x80, 0x02, .. "lo"u8],
        [0x89, 0x05, .. "Hello"u8, 0x88, 0x02, 0x03, 0xe8],
        [0x82, 0x7e, 0x01, 0x00, .. new byte[256]],
        [0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        SplitReplay.Require(input, Frames);
        WebSocketHandshake.IsKey(input);
        if (WebSocketFrame.TryRead(input, out var frame) is var size and > 0)
        {
            Span<byte> written = stackalloc byte[WebSocketFrame.MaxHead];
            Claim.That(frame.Write(written) == size && written[..size].SequenceEqual(input[..size]), $"the head of {frame} has one form");
            var payload = input[size..].ToArray();
            frame.ApplyMask(payload, 0);
            frame.ApplyMask(payload.AsSpan(0, payload.Length / 2), 0);
            frame.ApplyMask(payload.AsSpan(payload.Length / 2), payload.Length / 2);
            Claim.That(payload.AsSpan().SequenceEqual(input[size..]), "a mask undoes itself, also in parts");
        }
    }

    private static string Frames(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var text = new StringBuilder();
        var held = new List<byte>();
        var left = 0L;
        foreach (var piece in pieces)
        {
            held.AddRange(piece.Span);
            while (true)
            {
                var here = (int)Math.Min(left, held.Count);
                held.RemoveRange(0, here);
                left -= here;
                if (left > 0)
                    break;
                var size = WebSocketFrame.TryRead(held.ToArray(), out var frame);
                if (size < 0)
                    return $"{text} refused";
                if (size == 0)
                {
                    Claim.That(held.Count < WebSocketFrame.MaxHead, "no more is waited for than a head has");
                    break;
                }
                Claim.That(size <= held.Count && frame.Length >= 0 && (!frame.IsControl || frame is { IsFinal: true, Length: <= WebSocketFrame.MaxControl }), $"{frame} is a frame");
                text.Append($"<{frame}>");
                held.RemoveRange(0, size);
                left = frame.Length;
            }
        }
        return $"{text} {left} more";
    }
}

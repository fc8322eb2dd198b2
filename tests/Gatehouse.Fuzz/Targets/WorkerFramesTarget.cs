using System.Buffers.Binary;
using System.Text;
using Gatehouse.Gateways.Python;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Fuzz.Targets;

/// <summary>What a Python worker sends: frames, taken the same however they arrive, and the heads of answers in them, none of which can smuggle a field.</summary>
internal sealed class WorkerFramesTarget : IFuzzTarget
{
    public string Name => "worker-frames";

    public IEnumerable<byte[]> Seeds =>
    [
        [.. Frame(1, AnswerKind.Whole, "200 OK\nContent-Type\ntext/plain", 3), .. "abc"u8],
        [.. Frame(7, AnswerKind.Head, "404 Not Found\nX-One\n a \nContent-Length\n12", 5), .. "hello"u8, .. Frame(7, AnswerKind.Data, "", 7), .. " world!"u8, .. Frame(7, AnswerKind.End, "", 0)],
        [.. Frame(0, AnswerKind.Ready, "", 0), .. Frame(3, AnswerKind.File, "200 OK", 16), .. new byte[16]],
        [.. Frame(5, AnswerKind.Close, "", 2), 3, 232],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        SplitReplay.Require(input, Frames);
        Head(input);
    }

    private static string Frames(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var text = new StringBuilder();
        var held = new List<byte>();
        var body = 0L;
        foreach (var piece in pieces)
        {
            held.AddRange(piece.Span);
            while (true)
            {
                var here = (int)Math.Min(body, held.Count);
                text.Append(Encoding.Latin1.GetString([.. held[..here]]));
                held.RemoveRange(0, here);
                body -= here;
                if (body > 0)
                    break;
                if (!WorkerFrame.TryRead(held.ToArray(), out var frame, out var fault))
                {
                    if (fault is not null)
                        return $"{text} refused";
                    Claim.That(held.Count < WorkerFrame.Length + WorkerFrame.LongestHead, "no more is waited for than a frame's head may have");
                    break;
                }
                Claim.That(frame.HeadLength >= 0 && frame.Needed <= held.Count, $"all that {frame} needs is there");
                text.Append($"<{frame.Id} {frame.Kind} {Encoding.Latin1.GetString([.. held.Skip(WorkerFrame.Length).Take(frame.HeadLength)])}>");
                held.RemoveRange(0, WorkerFrame.Length + frame.HeadLength);
                body = frame.Kind == AnswerKind.Pull ? 0 : frame.BodyLength;
            }
        }
        return $"{text} {body} more";
    }

    private static void Head(ReadOnlySpan<byte> input)
    {
        var response = new Response();
        if (!AnswerHead.TryRead(input, response, out var fault))
        {
            Claim.That(!string.IsNullOrEmpty(fault), "a head that is refused is explained");
            return;
        }
        Claim.That(response.Status is >= 200 and <= 599, "the status is one of an answer");
        for (var i = 0; i < response.Headers.Count; i++)
        {
            var field = response.Headers[i];
            Claim.That(HeaderSyntax.IsToken(field.Name) && field.Value.IndexOfAny("\r\n\0"u8) < 0, "a field is one line");
            Claim.That(KnownHeaders.Find(field.Name) is not (KnownHeader.TransferEncoding or KnownHeader.Connection or KnownHeader.ContentLength), "framing is the server's own");
        }
    }

    private static byte[] Frame(int id, AnswerKind kind, string head, int body)
    {
        var frame = new byte[WorkerFrame.Length + head.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, id);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(4), (int)kind);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(8), head.Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(12), body);
        Encoding.Latin1.GetBytes(head).CopyTo(frame.AsSpan(WorkerFrame.Length));
        return frame;
    }
}

using System.Buffers.Binary;

namespace Gatehouse.Gateways.Python;

/// <summary>The start of a frame that a worker sends: four integers of 32 bits, lowest byte first; then head and body.</summary>
/// <param name="Id">The request's number; 0 for the worker itself.</param>
/// <param name="Kind">What it is, which is checked by who takes it.</param>
/// <param name="HeadLength">Bytes of the head.</param>
/// <param name="BodyLength">Bytes of the body; of a <see cref="AnswerKind.Pull"/> how many are asked for.</param>
internal readonly record struct WorkerFrame(int Id, AnswerKind Kind, int HeadLength, uint BodyLength)
{
    /// <summary>Bytes in front of the head.</summary>
    public const int Length = 16;

    /// <summary>The longest head, with what must be there before a frame is taken.</summary>
    public const int LongestHead = 48 * 1024;

    /// <summary>Bytes that must be there before the frame can be taken: of most bodies none, since they are passed on as they come.</summary>
    public int Needed => Length + HeadLength + (Kind is AnswerKind.File or AnswerKind.Close ? (int)BodyLength : 0);

    /// <summary>Reads the start of a frame: true when the frame can be taken. False with a <paramref name="fault"/> when it is none, and without when more must come.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out WorkerFrame frame, out string? fault)
    {
        frame = default;
        fault = null;
        if (bytes.Length < Length)
            return false;
        var kind = (AnswerKind)BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        var head = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        var body = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        if (kind == AnswerKind.Pull)
            (head, body) = (0, head);
        if (head + (kind is AnswerKind.File or AnswerKind.Close ? (ulong)body : 0) > LongestHead)
        {
            fault = kind == AnswerKind.File ? "sent a frame that is none" : $"sent a head of {head} bytes, of which {LongestHead} are allowed, or a frame that is none";
            return false;
        }
        frame = new WorkerFrame(BinaryPrimitives.ReadInt32LittleEndian(bytes), kind, (int)head, body);
        return bytes.Length >= frame.Needed;
    }
}

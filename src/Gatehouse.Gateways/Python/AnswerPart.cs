using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Gateways.Python;

/// <summary>A part of an answer on its way from a worker to its request.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Head">The head, where there is one.</param>
/// <param name="Data">Bytes of the body.</param>
/// <param name="Total">Bytes of the whole body when they are known beforehand, else -1; of a <see cref="AnswerKind.Pull"/> how many are asked for.</param>
/// <param name="File">A file that holds the part instead; it belongs to the part for <see cref="AnswerKind.File"/>.</param>
/// <param name="Offset">Where in the file.</param>
/// <param name="Count">Bytes of the file.</param>
/// <param name="Rented">The array behind head and data when it goes back to the shared pool.</param>
internal readonly record struct AnswerPart(
    AnswerKind Kind, ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Data, long Total = -1, SafeFileHandle? File = null, long Offset = 0, long Count = 0, byte[]? Rented = null)
{
    /// <summary>True for the last part of an answer; that the client is gone does not end what the worker does.</summary>
    public bool IsLast => Kind is AnswerKind.Whole or AnswerKind.End or AnswerKind.Failed or AnswerKind.Abort or AnswerKind.File or AnswerKind.Close or AnswerKind.Died
        or AnswerKind.TimedOut or AnswerKind.Refused;
}

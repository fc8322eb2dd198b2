using System.Buffers.Binary;
using Gatehouse.Protocols.Cgi;

namespace Gatehouse.Protocols.Uwsgi;

/// <summary>
/// Writes the head of a uwsgi request: modifier1, the size of the variables, modifier2, then each variable as two strings with 16-bit lengths, all of it
/// little-endian. The body follows it as it is.
/// </summary>
public static class UwsgiPacket
{
    /// <summary>Bytes of variables that a packet can have.</summary>
    public const int MaxVariables = ushort.MaxValue;

    private const int HeadLength = 4;

    /// <summary>The bytes that <see cref="TryWrite"/> takes.</summary>
    public static int Size(CgiVariables variables) => HeadLength + variables.Bytes + (4 * variables.Count);

    /// <summary>
    /// Writes the head, for which the destination has room for <see cref="Size"/>; false when the variables are longer than a packet can have.
    /// </summary>
    /// <param name="destination">Where to.</param>
    /// <param name="variables">The request's variables.</param>
    /// <param name="modifier1">Which kind of request it is; 0 is WSGI.</param>
    /// <param name="modifier2">What the kind says of it; 0 as a rule.</param>
    /// <param name="written">Bytes written.</param>
    public static bool TryWrite(Span<byte> destination, CgiVariables variables, byte modifier1, byte modifier2, out int written)
    {
        var size = Size(variables);
        written = 0;
        if (size - HeadLength > MaxVariables)
            return false;
        destination[0] = modifier1;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], (ushort)(size - HeadLength));
        destination[3] = modifier2;
        var at = HeadLength;
        for (var i = 0; i < variables.Count; i++)
        {
            var variable = variables[i];
            Put(destination, ref at, variable.Name);
            Put(destination, ref at, variable.Value);
        }
        written = at;
        return true;
    }

    private static void Put(Span<byte> destination, ref int at, ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(destination[at..], (ushort)text.Length);
        text.CopyTo(destination[(at + 2)..]);
        at += 2 + text.Length;
    }
}

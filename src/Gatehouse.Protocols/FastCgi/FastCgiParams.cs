using Gatehouse.Protocols.Cgi;

namespace Gatehouse.Protocols.FastCgi;

/// <summary>Writes the stream of a request's variables: records of type <see cref="FastCgiRecordType.Params"/> up to the empty one that ends it.</summary>
public static class FastCgiParams
{
    // Content of a record that needs no padding, so that only the last one has some.
    private const int PartLength = FastCgiRecord.MaxContent & ~7;

    /// <summary>A bound on the bytes that <see cref="Write"/> takes.</summary>
    public static int SizeBound(CgiVariables variables)
    {
        var pairs = variables.Bytes + (8 * variables.Count);
        return pairs + (((pairs / PartLength) + 2) * FastCgiRecord.HeadLength) + 8;
    }

    /// <summary>Writes the records and returns their bytes; the destination has room for <see cref="SizeBound"/>.</summary>
    public static int Write(Span<byte> destination, int requestId, CgiVariables variables)
    {
        var total = 0;
        for (var i = 0; i < variables.Count; i++)
        {
            var variable = variables[i];
            total += FastCgiNameValue.Size(variable.Name.Length, variable.Value.Length);
        }
        // A pair may be cut anywhere between records, so the pairs are written in one go, behind the room of all heads, and each part is then moved in its
        // place. Usually there is one part, which is there already.
        var parts = (total + PartLength - 1) / PartLength;
        var pairs = destination[(parts * FastCgiRecord.HeadLength)..];
        var at = 0;
        for (var i = 0; i < variables.Count; i++)
        {
            var variable = variables[i];
            at += FastCgiNameValue.Write(pairs[at..], variable.Name, variable.Value);
        }
        var end = 0;
        for (var part = 0; part < parts; part++)
        {
            var length = Math.Min(PartLength, total - (part * PartLength));
            var record = FastCgiRecord.Padded(FastCgiRecordType.Params, requestId, length);
            var content = pairs.Slice(part * PartLength, length);
            if (parts > 1)
                content.CopyTo(destination[(end + FastCgiRecord.HeadLength)..]);
            record.Write(destination[end..]);
            end += FastCgiRecord.HeadLength + length;
            destination.Slice(end, record.PaddingLength).Clear();
            end += record.PaddingLength;
        }
        new FastCgiRecord(FastCgiRecordType.Params, requestId, 0, 0).Write(destination[end..]);
        return end + FastCgiRecord.HeadLength;
    }
}

using Gatehouse.Http;
using Gatehouse.Http.Conditional;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Compression;

/// <summary>The fields of an answer that change with its coding.</summary>
internal static class ResponseFields
{
    // Longer values stay as they are and get a line of their own behind them, which means the same (RFC 9110 section 5.3).
    private const int Room = 512;

    /// <summary>Adds a name to Vary, unless it is there or everything varies.</summary>
    public static void AddVary(HeaderList headers, ReadOnlySpan<byte> name)
    {
        if (Lists(headers, KnownHeader.Vary, name) || Lists(headers, KnownHeader.Vary, "*"u8))
            return;
        var needsLine = !headers.TryGet(KnownHeader.Vary, out var value) || value.IsEmpty || CountOf(headers, KnownHeader.Vary) > 1
            || value.Length + 2 + name.Length > Room;
        if (needsLine)
        {
            headers.Add(KnownHeader.Vary, name);
            return;
        }
        Span<byte> merged = stackalloc byte[Room];
        value.CopyTo(merged);
        ", "u8.CopyTo(merged[value.Length..]);
        name.CopyTo(merged[(value.Length + 2)..]);
        headers.Set(KnownHeader.Vary, merged[..(value.Length + 2 + name.Length)]);
    }

    /// <summary>True when a list field of the answer has the member, over all its lines.</summary>
    public static bool Lists(HeaderList headers, KnownHeader field, ReadOnlySpan<byte> member)
    {
        for (var i = 0; i < headers.Count; i++)
        {
            if (headers[i].Known == field && HeaderListReader.Contains(headers[i].Value, member))
                return true;
        }
        return false;
    }

    /// <summary>
    /// Makes a strong entity tag weak: the coded bytes may differ from one time to the next (RFC 9110 section 8.8.1). A tag too long to copy is dropped.
    /// </summary>
    public static void WeakenTag(HeaderList headers)
    {
        if (!headers.TryGet(KnownHeader.ETag, out var tag) || EntityTag.IsWeak(tag))
            return;
        if (tag.Length + 2 > Room)
        {
            headers.Remove(KnownHeader.ETag);
            return;
        }
        Span<byte> weak = stackalloc byte[Room];
        "W/"u8.CopyTo(weak);
        tag.CopyTo(weak[2..]);
        headers.Set(KnownHeader.ETag, weak[..(tag.Length + 2)]);
    }

    private static int CountOf(HeaderList headers, KnownHeader field)
    {
        var count = 0;
        for (var i = 0; i < headers.Count; i++)
        {
            if (headers[i].Known == field)
                count++;
        }
        return count;
    }
}

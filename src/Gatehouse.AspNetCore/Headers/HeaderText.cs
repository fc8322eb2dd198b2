using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.AspNetCore.Headers;

/// <summary>Between the bytes of field names and values and the strings that ASP.NET Core has for them.</summary>
internal static class HeaderText
{
    private static readonly string[] Names = NamesOf();

    /// <summary>The known field of that name, in any case.</summary>
    public static KnownHeader Find(string name)
    {
        if (name.Length > KnownHeaders.LongestName)
            return KnownHeader.None;
        Span<byte> bytes = stackalloc byte[KnownHeaders.LongestName];
        return Ascii.FromUtf16(name, bytes, out var written) == System.Buffers.OperationStatus.Done ? KnownHeaders.Find(bytes[..written]) : KnownHeader.None;
    }

    /// <summary>The customary spelling of a known field.</summary>
    public static string Name(KnownHeader known) => Names[(int)known];

    /// <summary>
    /// The bytes as text, in the string that the request before had at the same place when it says the same: so requests that are alike make no strings.
    /// </summary>
    public static string Reuse(ref string? before, ReadOnlySpan<byte> bytes)
    {
        if (before is not null && before.Length == bytes.Length && Ascii.Equals(bytes, before))
            return before;
        return before = bytes.IsEmpty ? "" : Encoding.UTF8.GetString(bytes);
    }

    private static string[] NamesOf()
    {
        var names = new string[KnownHeaders.Count];
        for (var i = 0; i < names.Length; i++)
            names[i] = Encoding.ASCII.GetString(KnownHeaders.Name((KnownHeader)i));
        return names;
    }
}

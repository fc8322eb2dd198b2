namespace Gatehouse.Protocols.Cgi;

/// <summary>
/// From the name of a request's field to that of its variable: <c>"HTTP_" field-name</c>, in upper case and with an underscore for each hyphen (RFC 3875
/// section 4.1.18).
/// </summary>
internal static class CgiFieldName
{
    private static readonly byte[] Map = BuildMap();

    /// <summary>What stands before the name of each field but Content-Type and Content-Length.</summary>
    public static ReadOnlySpan<byte> Prefix => "HTTP_"u8;

    /// <summary>Writes the variable's name and returns its length; 0 for a name that has none, because another field's could be mistaken for it.</summary>
    public static int Write(bool isPlain, ReadOnlySpan<byte> name, Span<byte> destination)
    {
        var at = 0;
        if (!isPlain)
        {
            Prefix.CopyTo(destination);
            at = Prefix.Length;
        }
        var map = Map;
        foreach (var value in name)
        {
            var mapped = map[value];
            if (mapped == 0)
                return 0;
            destination[at++] = mapped;
        }
        return at;
    }

    private static byte[] BuildMap()
    {
        var map = new byte[256];
        for (var i = 0; i < 26; i++)
            map['a' + i] = map['A' + i] = (byte)('A' + i);
        for (var i = '0'; i <= '9'; i++)
            map[i] = (byte)i;
        map['-'] = (byte)'_';
        return map;
    }
}

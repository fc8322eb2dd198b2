using System.Buffers.Binary;

namespace Gatehouse.Protocols.TlsHello;

/// <summary>The server_name extension of a client's hello (RFC 6066 section 3).</summary>
public static class ServerNameExtension
{
    /// <summary>Characters of the longest name.</summary>
    public const int MaxLength = 253;

    /// <summary>
    /// Reads the host name in lower case, without a final dot. False when there is none, or it is no host name in ASCII.
    /// </summary>
    /// <param name="content">The extension's content: <c>ServerNameList</c> after its length.</param>
    /// <param name="name">Room for <see cref="MaxLength"/> characters.</param>
    /// <param name="length">Characters written.</param>
    public static bool TryRead(ReadOnlySpan<byte> content, Span<char> name, out int length)
    {
        length = 0;

        // struct { NameType name_type = host_name(0); opaque HostName<1..2^16-1>; } ServerName; ServerName server_name_list<1..2^16-1>.
        // "MUST NOT contain more than one name of the same name_type", and no other type was ever defined.
        if (content.Length < 5 || BinaryPrimitives.ReadUInt16BigEndian(content) != content.Length - 2 || content[2] != 0)
            return false;
        var text = content[5..];
        if (BinaryPrimitives.ReadUInt16BigEndian(content[3..]) != text.Length)
            return false;
        if (text is [.. var rest, (byte)'.'])
            text = rest;
        if (text.Length is 0 or > MaxLength)
            return false;
        for (var i = 0; i < text.Length; i++)
        {
            var letter = (char)text[i];
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '.' or '_'))
                return false;
            name[i] = char.ToLowerInvariant(letter);
        }

        length = text.Length;
        return true;
    }
}

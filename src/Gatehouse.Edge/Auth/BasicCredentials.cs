using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Auth;

/// <summary>Reads what a client sends for HTTP Basic authentication (RFC 7617).</summary>
internal static class BasicCredentials
{
    /// <summary>The most bytes of user and password together, decoded. bcrypt itself looks at 72.</summary>
    public const int MaxBytes = 512;

    // credentials = "Basic" 1*SP token68; user-pass = user-id ":" password (RFC 7617 section 2, RFC 9110 section 11.4).
    /// <summary>
    /// Decodes into <paramref name="room"/>, of <see cref="MaxBytes"/>. False when there is no Authorization, more than one, another scheme, too much, or
    /// something that is not UTF-8 (which the challenge asks for) or has control characters.
    /// </summary>
    public static bool TryRead(HeaderTable headers, Span<byte> room, out Span<byte> user, out Span<byte> password)
    {
        user = password = default;
        if (!headers.TryGet(KnownHeader.Authorization, out var value) || headers.CountOf(KnownHeader.Authorization) != 1)
            return false;
        if (value.Length < 7 || !Ascii.EqualsIgnoreCase(value[..6], "basic "u8))
            return false;
        var token = value[6..].TrimStart((byte)' ');
        // Base64 of .NET takes white space between digits, which token68 has not.
        if (Base64.GetMaxDecodedFromUtf8Length(token.Length) > room.Length || token.ContainsAny(" \t"u8)
            || Base64.DecodeFromUtf8(token, room, out _, out var written) != OperationStatus.Done)
            return false;
        var decoded = room[..written];
        var colon = decoded.IndexOf((byte)':');
        if (colon < 0 || !Utf8.IsValid(decoded) || decoded.ContainsAnyInRange((byte)0, (byte)0x1F) || decoded.Contains((byte)0x7F))
            return false;
        user = decoded[..colon];
        password = decoded[(colon + 1)..];
        return true;
    }
}

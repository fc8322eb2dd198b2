using System.Buffers.Text;
using System.Security.Cryptography;

namespace Gatehouse.Protocols.WebSocket;

/// <summary>The values of the opening handshake (RFC 6455 section 4.2.2).</summary>
public static class WebSocketHandshake
{
    /// <summary>Bytes of <c>Sec-WebSocket-Accept</c>.</summary>
    public const int AcceptLength = 28;

    /// <summary>True for a <c>Sec-WebSocket-Key</c>: 16 bytes in base64.</summary>
    public static bool IsKey(ReadOnlySpan<byte> key)
    {
        Span<byte> decoded = stackalloc byte[18];
        return key.Length == 24 && Base64.DecodeFromUtf8(key, decoded, out _, out var written) == System.Buffers.OperationStatus.Done && written == 16;
    }

    /// <summary>Writes the <c>Sec-WebSocket-Accept</c> that answers <paramref name="key"/>, which <see cref="IsKey"/>.</summary>
    public static void WriteAccept(ReadOnlySpan<byte> key, Span<byte> accept)
    {
        Span<byte> text = stackalloc byte[24 + 36];
        key.CopyTo(text);
        "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8.CopyTo(text[24..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // the RFC's choice; it protects nothing
        SHA1.HashData(text, hash);
#pragma warning restore CA5350
        Base64.EncodeToUtf8(hash, accept, out _, out _);
    }
}

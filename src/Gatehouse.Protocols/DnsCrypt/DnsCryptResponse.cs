namespace Gatehouse.Protocols.DnsCrypt;

/// <summary>An encrypted answer: <c>resolver-magic 8 | nonce 24 | box</c>, where the nonce is the client's half and 12 bytes of the server's.</summary>
public static class DnsCryptResponse
{
    /// <summary>Bytes in front of the box.</summary>
    public const int HeaderLength = 32;

    /// <summary>Bytes that an answer is longer than its padded message.</summary>
    public const int Overhead = HeaderLength + DnsCryptQuery.TagLength;

    private const int NonceAt = 8;

    /// <summary>What every answer begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "r6fnvWj8"u8;

    /// <summary>Bytes that a message becomes.</summary>
    public static int LengthFor(int message) => Overhead + DnsCryptPadding.LengthFor(message);

    /// <summary>Seals an answer.</summary>
    /// <param name="construction">How.</param>
    /// <param name="sharedKey">What both keys agree on.</param>
    /// <param name="clientNonce">The query's half of the nonce.</param>
    /// <param name="serverNonce">The server's half, new for each answer.</param>
    /// <param name="padded">Room with the message at its start, as long as the padded message is to be.</param>
    /// <param name="message">Bytes of the message.</param>
    /// <param name="box">The cryptography.</param>
    /// <param name="response">Room for the padded message and <see cref="Overhead"/>.</param>
    /// <returns>Bytes written.</returns>
    public static int Seal(
        DnsCryptConstruction construction, ReadOnlySpan<byte> sharedKey, ReadOnlySpan<byte> clientNonce, ReadOnlySpan<byte> serverNonce,
        Span<byte> padded, int message, IDnsCryptBox box, Span<byte> response)
    {
        Magic.CopyTo(response);
        clientNonce[..DnsCryptQuery.HalfNonce].CopyTo(response[NonceAt..]);
        serverNonce[..DnsCryptQuery.HalfNonce].CopyTo(response[(NonceAt + DnsCryptQuery.HalfNonce)..]);
        DnsCryptPadding.Pad(padded, message);
        box.Seal(construction, sharedKey, response.Slice(NonceAt, DnsCryptQuery.NonceLength), padded, response.Slice(HeaderLength, padded.Length + DnsCryptQuery.TagLength));
        return Overhead + padded.Length;
    }

    /// <summary>Opens the answer to the query with that half of the nonce.</summary>
    /// <returns>Bytes of the message in <paramref name="message"/>, which has room for the answer's length; -1 when it is no answer to it.</returns>
    public static int Open(
        DnsCryptConstruction construction, ReadOnlySpan<byte> sharedKey, ReadOnlySpan<byte> clientNonce, ReadOnlySpan<byte> response, IDnsCryptBox box, Span<byte> message)
    {
        if (response.Length < Overhead + DnsCryptPadding.Block || !response.StartsWith(Magic) || !response.Slice(NonceAt, DnsCryptQuery.HalfNonce).SequenceEqual(clientNonce[..DnsCryptQuery.HalfNonce]))
            return -1;
        var padded = message[..(response.Length - Overhead)];
        return box.TryOpen(construction, sharedKey, response.Slice(NonceAt, DnsCryptQuery.NonceLength), response[HeaderLength..], padded)
            && DnsCryptPadding.TryUnpad(padded, out var length) ? length : -1;
    }

    /// <summary>The client's half of the nonce of what may be an answer; empty when it is none.</summary>
    public static ReadOnlySpan<byte> ClientNonce(ReadOnlySpan<byte> response) =>
        response.Length >= Overhead && response.StartsWith(Magic) ? response.Slice(NonceAt, DnsCryptQuery.HalfNonce) : default;
}

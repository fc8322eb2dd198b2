using System.Security.Cryptography;

namespace Gatehouse.Protocols.DnsCrypt;

/// <summary>
/// An encrypted query: <c>client-magic 8 | client-pk 32 | client-nonce 12 | box</c>, where the box holds the padded DNS message under the nonce and 12 zeros.
/// </summary>
public static class DnsCryptQuery
{
    /// <summary>Bytes in front of the box.</summary>
    public const int HeaderLength = 52;

    /// <summary>Bytes of the client's half of the nonce.</summary>
    public const int HalfNonce = 12;

    /// <summary>Bytes of a nonce.</summary>
    public const int NonceLength = 24;

    /// <summary>Bytes that a box is longer than what it holds.</summary>
    public const int TagLength = 16;

    /// <summary>Padded bytes of a query over UDP at least, so that the answer, which must not be longer, has room (min-query-len).</summary>
    public const int LeastPadded = 256;

    /// <summary>Bytes of a query that can be one at all.</summary>
    public const int LeastLength = HeaderLength + TagLength + DnsCryptPadding.Block;

    private const int KeyAt = DnsCryptCertificate.MagicLength;
    private const int NonceAt = KeyAt + DnsCryptCertificate.KeyLength;

    /// <summary>What tells whose key the query is sealed for.</summary>
    public static ReadOnlySpan<byte> Magic(ReadOnlySpan<byte> query) => query[..DnsCryptCertificate.MagicLength];

    /// <summary>The client's public key.</summary>
    public static ReadOnlySpan<byte> ClientKey(ReadOnlySpan<byte> query) => query.Slice(KeyAt, DnsCryptCertificate.KeyLength);

    /// <summary>The client's half of the nonce.</summary>
    public static ReadOnlySpan<byte> Nonce(ReadOnlySpan<byte> query) => query.Slice(NonceAt, HalfNonce);

    /// <summary>Bytes that a message becomes.</summary>
    /// <param name="message">Bytes of the message.</param>
    /// <param name="least">Padded bytes at least.</param>
    public static int LengthFor(int message, int least) => HeaderLength + TagLength + DnsCryptPadding.LengthFor(message, least);

    /// <summary>Seals a query.</summary>
    /// <param name="certificate">The server's.</param>
    /// <param name="clientKey">This client's public key.</param>
    /// <param name="sharedKey">What both keys agree on.</param>
    /// <param name="nonce">This client's half of the nonce, new for each query.</param>
    /// <param name="message">The DNS message.</param>
    /// <param name="least">Padded bytes at least; over TCP that length is random.</param>
    /// <param name="box">The cryptography.</param>
    /// <param name="query">Room for <see cref="LengthFor"/> bytes.</param>
    /// <param name="scratch">As much room for the padded message.</param>
    /// <returns>Bytes written.</returns>
    public static int Seal(
        DnsCryptCertificate certificate, ReadOnlySpan<byte> clientKey, ReadOnlySpan<byte> sharedKey, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> message,
        int least, IDnsCryptBox box, Span<byte> query, Span<byte> scratch)
    {
        certificate.ClientMagic.Span.CopyTo(query);
        clientKey.CopyTo(query[KeyAt..]);
        nonce[..HalfNonce].CopyTo(query[NonceAt..]);
        var padded = scratch[..DnsCryptPadding.LengthFor(message.Length, least)];
        message.CopyTo(padded);
        DnsCryptPadding.Pad(padded, message.Length);
        Span<byte> whole = stackalloc byte[NonceLength];
        whole.Clear();
        nonce[..HalfNonce].CopyTo(whole);
        box.Seal(certificate.Construction, sharedKey, whole, padded, query.Slice(HeaderLength, padded.Length + TagLength));
        CryptographicOperations.ZeroMemory(padded);
        return HeaderLength + padded.Length + TagLength;
    }

    /// <summary>Opens a query of at least <see cref="LeastLength"/> bytes with the key that the server's and the client's keys agree on.</summary>
    /// <returns>Bytes of the message in <paramref name="message"/>; -1 when it cannot be opened.</returns>
    public static int Open(DnsCryptConstruction construction, ReadOnlySpan<byte> sharedKey, ReadOnlySpan<byte> query, IDnsCryptBox box, Span<byte> message)
    {
        var sealedPart = query[HeaderLength..];
        var padded = message[..(sealedPart.Length - TagLength)];
        Span<byte> whole = stackalloc byte[NonceLength];
        whole.Clear();
        Nonce(query).CopyTo(whole);
        return padded.Length % DnsCryptPadding.Block == 0 && box.TryOpen(construction, sharedKey, whole, sealedPart, padded) && DnsCryptPadding.TryUnpad(padded, out var length) ? length : -1;
    }
}

using System.Security.Cryptography;
using Gatehouse.Net.Sodium;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.DnsCrypt;

namespace Gatehouse.Dns.Forwarder.DnsCrypt;

/// <summary>A query that came in a box: what its answer is sealed with.</summary>
/// <param name="construction">How boxes are made.</param>
/// <param name="sharedKey">What both keys agree on.</param>
/// <param name="nonce">The client's half of the nonce.</param>
/// <param name="queryLength">Bytes of the encrypted query.</param>
internal sealed class DnsCryptSession(DnsCryptConstruction construction, byte[] sharedKey, ReadOnlySpan<byte> nonce, int queryLength)
{
    /// <summary>Bytes that an answer is longer in its box, at most.</summary>
    internal const int MaxOverhead = DnsCryptResponse.Overhead + DnsCryptPadding.Block;

    private readonly byte[] _nonce = nonce.ToArray();

    /// <summary>Bytes of the encrypted query, which an answer over UDP must not exceed.</summary>
    internal int QueryLength => queryLength;

    /// <summary>Bytes of an answer that fits the length of its query.</summary>
    internal int AnswerLimit => Math.Max(DnsHeader.Size, ((queryLength - DnsCryptResponse.Overhead) / DnsCryptPadding.Block * DnsCryptPadding.Block) - 1);

    /// <summary>Seals an answer.</summary>
    /// <param name="answer">The message.</param>
    /// <param name="packet">Where to.</param>
    /// <param name="limit">Bytes that it may have in its box.</param>
    /// <returns>Bytes written; 0 when it does not fit.</returns>
    internal int Seal(ReadOnlySpan<byte> answer, Span<byte> packet, int limit)
    {
        Span<byte> half = stackalloc byte[DnsCryptQuery.HalfNonce];
        RandomNumberGenerator.Fill(half);
        var length = DnsCryptPadding.LengthFor(answer.Length);
        if (DnsCryptResponse.Overhead + length > limit)
            return 0;
        var padded = length <= 2048 ? stackalloc byte[2048] : new byte[length];
        answer.CopyTo(padded);
        return DnsCryptResponse.Seal(construction, sharedKey, _nonce, half, padded[..length], answer.Length, SodiumBox.Instance, packet);
    }
}

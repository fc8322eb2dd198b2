using System.Buffers.Binary;
using Gatehouse.Dns.Forwarder.Answers;
using Gatehouse.Net.Sodium;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;
using Gatehouse.Protocols.DnsCrypt;

namespace Gatehouse.Dns.Forwarder.DnsCrypt;

/// <summary>
/// The server's side of DNSCrypt on one reactor: opens queries, and tells the certificates. What a client's key and this server's agree on is kept for as long
/// as there is room, since it costs more than all the rest.
/// </summary>
internal sealed class DnsCryptService
{
    private const int SharedKeys = 1024;
    private const uint CertificateTime = 3600;
    private const int RecordHead = 12;

    private readonly ProviderKeys _keys;
    private readonly DnsName _provider;
    private readonly SharedKey?[] _shared = new SharedKey?[SharedKeys];

    internal DnsCryptService(ProviderKeys keys, DnsName provider)
    {
        _keys = keys;
        _provider = provider;
    }

    /// <summary>Opens an encrypted query.</summary>
    /// <param name="packet">What was received.</param>
    /// <param name="plain">Room for as much.</param>
    /// <param name="length">Bytes of the message.</param>
    /// <returns>What the answer is sealed with; null when it is no query that can be opened.</returns>
    internal DnsCryptSession? Open(ReadOnlySpan<byte> packet, Span<byte> plain, out int length)
    {
        length = 0;
        if (packet.Length < DnsCryptQuery.LeastLength)
            return null;
        foreach (var key in _keys.Current)
        {
            if (!DnsCryptQuery.Magic(packet).SequenceEqual(key.Certificate.ClientMagic.Span))
                continue;
            if (Agree(key, DnsCryptQuery.ClientKey(packet)) is not { } shared)
                return null;
            length = DnsCryptQuery.Open(key.Certificate.Construction, shared, packet, SodiumBox.Instance, plain);
            return length < 0 ? null : new DnsCryptSession(key.Certificate.Construction, shared, DnsCryptQuery.Nonce(packet), packet.Length);
        }

        return null;
    }

    /// <summary>Answers the question for the certificates; 0 for anything else, which gets no answer here.</summary>
    internal int AnswerPlain(ReadOnlySpan<byte> query, Span<byte> answer, bool isDatagram)
    {
        if (QueryView.Read(query, out var view) != QueryVerdict.Good || !DnsWireName.AreEqual(view.Name(query), _provider.Wire) || view.Class != DnsClass.IN)
            return 0;
        if (view.Type != DnsType.TXT)
            return AnswerWriter.WriteError(query, view, DnsRcode.NoError, -1, answer);
        var keys = _keys.Current;
        var size = RecordHead + 1 + DnsCryptCertificate.Length;
        if (answer.Length < view.QuestionEnd + (keys.Count * size))
            return 0;
        query[..view.QuestionEnd].CopyTo(answer);
        var at = view.QuestionEnd;

        // Who takes 512 bytes gets the newest certificate of each construction, which is all that he needs.
        var count = (ushort)0;
        var limit = isDatagram ? Math.Min(view.UdpSize, AnswerWriter.UdpSize) : answer.Length;
        foreach (var key in keys)
        {
            if (at + size > limit)
                break;
            BinaryPrimitives.WriteUInt16BigEndian(answer[at..], 0xC000 | DnsHeader.Size);
            BinaryPrimitives.WriteUInt16BigEndian(answer[(at + 2)..], (ushort)DnsType.TXT);
            BinaryPrimitives.WriteUInt16BigEndian(answer[(at + 4)..], (ushort)DnsClass.IN);
            BinaryPrimitives.WriteUInt32BigEndian(answer[(at + 6)..], CertificateTime);
            BinaryPrimitives.WriteUInt16BigEndian(answer[(at + 10)..], 1 + DnsCryptCertificate.Length);
            answer[at + RecordHead] = DnsCryptCertificate.Length;
            key.Bytes.CopyTo(answer[(at + RecordHead + 1)..]);
            at += size;
            count++;
        }

        var bits = (ushort)(DnsFlags.Response | DnsFlags.Authoritative | DnsFlags.RecursionAvailable | (view.Flags & DnsFlags.RecursionDesired));
        new DnsHeader(view.Id, bits, 1, count, 0, 0).Write(answer);
        return at;
    }

    private byte[]? Agree(ShortTermKey key, ReadOnlySpan<byte> client)
    {
        ref var place = ref _shared[BinaryPrimitives.ReadUInt32LittleEndian(client) % SharedKeys];
        if (place is { } known && ReferenceEquals(known.Server, key) && client.SequenceEqual(known.Client))
            return known.Key;
        var shared = new byte[SodiumBox.KeyLength];
        if (!SodiumBox.Instance.TryAgree(key.Certificate.Construction, client, key.Secret, shared))
            return null;
        place = new SharedKey(key, client.ToArray(), shared);
        return shared;
    }

    private sealed record SharedKey(ShortTermKey Server, byte[] Client, byte[] Key);
}

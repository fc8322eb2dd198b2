using System.Buffers.Binary;
using System.Globalization;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Data;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Validation;

/// <summary>Whether one of a set's signatures holds with one of a zone's keys (RFC 4035 section 5.3).</summary>
internal sealed class SignatureCheck(Func<DateTimeOffset> clock)
{
    // What one answer may make its reader compute: keys and signatures with the same tags multiply (CVE-2023-50387).
    private const int MaxChecks = 64;

    private int _checks;

    /// <summary>Checks.</summary>
    /// <param name="set">The records with their signatures.</param>
    /// <param name="zone">The zone that signs them.</param>
    /// <param name="keys">Its DNSKEY records.</param>
    /// <param name="wildcard">The labels of the wildcard that the records come of; null when the name itself was signed.</param>
    /// <returns>Why none holds; null when one does.</returns>
    internal string? Verify(RecordSet set, DnsName zone, IReadOnlyList<DnsRecord> keys, out int? wildcard)
    {
        wildcard = null;
        var reason = $"{set} has no signature of {zone}";
        foreach (var record in set.Signatures)
        {
            if (!DnsSignature.TryRead(record.ReadData(), out var signature) || !signature.Signer.Is(zone) || signature.Labels > Labels(set.Name))
                continue;
            if (Times(signature) is { } untimely)
            {
                reason = $"the signature over {set} {untimely}";
                continue;
            }
            reason = string.Create(CultureInfo.InvariantCulture, $"{set} is signed with the key {signature.KeyTag} of {zone}, which is not among its keys");
            foreach (var key in keys)
            {
                if (!DnsKey.TryRead(key.ReadData(), out var parsed) || parsed.Algorithm != signature.Algorithm || parsed.Protocol != 3
                    || (parsed.Flags & 0x0100) == 0 || KeyTag.Of(key.Data.Span) != signature.KeyTag)
                    continue;
                if (++_checks > MaxChecks)
                    return $"{set} takes more than {MaxChecks} checks of signatures";
                if (SignatureAlgorithm.Verify(signature.Algorithm, parsed.PublicKey, SignedData(set, record, signature), signature.Signature))
                {
                    if (signature.Labels < Labels(set.Name))
                        wildcard = signature.Labels;
                    return null;
                }
                reason = string.Create(CultureInfo.InvariantCulture, $"the signature over {set} does not hold with the key {signature.KeyTag} of {zone}");
            }
        }
        return reason;
    }

    // RFC 4034 section 3.1.3: neither the root nor an asterisk in front counts.
    private static int Labels(DnsName name) => name.LabelCount - (name.FirstLabel is [(byte)'*'] ? 1 : 0);

    private string? Times(in DnsSignature signature)
    {
        // RFC 1982: the 32 bits are compared as a difference, since they come round.
        var now = (uint)clock().ToUnixTimeSeconds();
        if ((int)(now - signature.Expiration) > 0)
            return $"expired on {DateTimeOffset.FromUnixTimeSeconds(signature.Expiration).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC";
        return (int)(signature.Inception - now) > 0
            ? $"is not valid before {DateTimeOffset.FromUnixTimeSeconds(signature.Inception).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC"
            : null;
    }

    // RFC 4034 section 3.1.8.1: the signature's own data without the signature, then the records in canonical form and order.
    private static byte[] SignedData(RecordSet set, DnsRecord record, in DnsSignature signature)
    {
        var owner = set.Name.ToLower();
        if (signature.Labels < Labels(set.Name))
        {
            while (owner.LabelCount > signature.Labels)
                owner = owner.Parent;
            owner = owner.Prepend("*"u8);
        }
        var bytes = new List<byte>();
        var buffer = new byte[ushort.MaxValue + 1];
        DnsData.TryMakeCanonical(DnsType.RRSIG, record.ReadData(), buffer, out var written);
        bytes.AddRange(buffer.AsSpan(0, written - signature.Signature.Length));
        var canonical = new List<byte[]>();
        foreach (var one in set.Records)
        {
            if (DnsData.TryMakeCanonical(one.Type, one.ReadData(), buffer, out written))
                canonical.Add(buffer[..written]);
        }
        canonical.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        byte[]? last = null;
        Span<byte> fields = stackalloc byte[10];
        foreach (var data in canonical)
        {
            if (last is not null && last.AsSpan().SequenceEqual(data))
                continue;
            last = data;
            bytes.AddRange(owner.Wire);
            BinaryPrimitives.WriteUInt16BigEndian(fields, (ushort)set.Type);
            BinaryPrimitives.WriteUInt16BigEndian(fields[2..], (ushort)set.Records[0].Class);
            BinaryPrimitives.WriteUInt32BigEndian(fields[4..], signature.OriginalTimeToLive);
            BinaryPrimitives.WriteUInt16BigEndian(fields[8..], (ushort)data.Length);
            bytes.AddRange(fields);
            bytes.AddRange(data);
        }
        return [.. bytes];
    }
}

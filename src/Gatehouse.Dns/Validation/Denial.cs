using System.Security.Cryptography;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Data;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;
using Gatehouse.Protocols.Dns.Text;

namespace Gatehouse.Dns.Validation;

/// <summary>
/// What the NSEC and NSEC3 records of an answer prove not to exist (RFC 4035 section 5.4, RFC 5155 section 8). They have been checked to be signed by one zone.
/// </summary>
internal sealed class Denial
{
    // RFC 9276 section 3.2: more rounds than that are not worth their cost, and such a zone counts as not signed.
    private const int MaxIterations = 100;

    private readonly List<DnsRecord> _plain = [];
    private readonly List<DnsRecord> _hashed = [];
    private readonly DnsName _zone;

    internal Denial(DnsName zone, IEnumerable<RecordSet> proven)
    {
        _zone = zone;
        foreach (var set in proven)
        {
            if (set.Type == DnsType.NSEC)
                _plain.AddRange(set.Records);
            else if (set.Type == DnsType.NSEC3)
                _hashed.AddRange(set.Records.Where(IsUsable));
        }
    }

    /// <summary>True when the zone hashes its names so often that they are not looked at.</summary>
    internal bool IsTooCostly { get; private set; }

    /// <summary>True when a name is proven not to exist, neither itself nor by a wildcard.</summary>
    internal bool DeniesName(DnsName name)
    {
        if (_plain.Find(record => Covers(record, name)) is { } covering)
        {
            var encloser = PlainEncloser(covering, name);
            var wildcard = encloser.Prepend("*"u8);
            return _plain.Exists(record => Covers(record, wildcard));
        }
        return HashedEncloser(name) is { } ancestor && HashCovering(NextCloser(name, ancestor)) is not null && HashCovering(ancestor.Prepend("*"u8)) is not null;
    }

    /// <summary>True when a name is proven to have no record of a type, itself or by a wildcard.</summary>
    internal bool DeniesType(DnsName name, DnsType type)
    {
        if (_plain.Find(record => record.Name == name) is { } exact)
            return Lacks(PlainTypes(exact), type);
        if (_plain.Find(record => Covers(record, name)) is { } covering)
        {
            // An empty name, which only has others below it (RFC 4592 section 2.2.2).
            if (NextOf(covering).IsAtOrBelow(name))
                return true;
            var wildcard = PlainEncloser(covering, name).Prepend("*"u8);
            return _plain.Find(record => record.Name == wildcard) is { } at && Lacks(PlainTypes(at), type);
        }
        if (HashMatching(name) is { } hashed)
            return Lacks(HashedTypes(hashed), type);
        if (HashedEncloser(name) is not { } ancestor || HashCovering(NextCloser(name, ancestor)) is not { } next)
            return false;
        if (HashMatching(ancestor.Prepend("*"u8)) is { } hashedWildcard)
            return Lacks(HashedTypes(hashedWildcard), type);
        // RFC 5155 section 8.6: the delegation may have been left out.
        return type == DnsType.DS && IsOptOut(next);
    }

    /// <summary>True when a name is proven to be a delegation without DS: what is below is not signed.</summary>
    internal bool DeniesSigning(DnsName name)
    {
        if (_plain.Find(record => record.Name == name) is { } exact)
            return IsUnsignedCut(PlainTypes(exact));
        if (HashMatching(name) is { } hashed)
            return IsUnsignedCut(HashedTypes(hashed));
        return HashedEncloser(name) is { } ancestor && HashCovering(NextCloser(name, ancestor)) is { } next && IsOptOut(next);
    }

    /// <summary>True when nothing more exact than a wildcard of so many labels is proven to exist (RFC 4035 section 5.3.4).</summary>
    internal bool DeniesCloser(DnsName name, int wildcardLabels)
    {
        if (_plain.Exists(record => Covers(record, name)))
            return true;
        var closer = name;
        while (closer.LabelCount > wildcardLabels + 1)
            closer = closer.Parent;
        return HashCovering(closer) is not null;
    }

    private static bool IsUnsignedCut(ReadOnlySpan<byte> types) =>
        DnsTypeBitmap.Contains(types, DnsType.NS) && !DnsTypeBitmap.Contains(types, DnsType.DS) && !DnsTypeBitmap.Contains(types, DnsType.SOA);

    // A name with an alias has no other type; that of the parent's side of a delegation says nothing of the child's types, DS apart.
    private static bool Lacks(ReadOnlySpan<byte> types, DnsType type) =>
        !DnsTypeBitmap.Contains(types, type) && !DnsTypeBitmap.Contains(types, DnsType.CNAME)
        && (type == DnsType.DS || !DnsTypeBitmap.Contains(types, DnsType.NS) || DnsTypeBitmap.Contains(types, DnsType.SOA));

    private static DnsName NextCloser(DnsName name, DnsName ancestor)
    {
        while (name.LabelCount > ancestor.LabelCount + 1)
            name = name.Parent;
        return name;
    }

    private static DnsName NextOf(DnsRecord record) => DnsNextSecure.TryRead(record.ReadData(), out var nsec) ? nsec.Next.ToName() : default;

    private static ReadOnlySpan<byte> PlainTypes(DnsRecord record) => DnsNextSecure.TryRead(record.ReadData(), out var nsec) ? nsec.Types : default;

    private static ReadOnlySpan<byte> HashedTypes(DnsRecord record) => DnsNextSecure3.TryRead(record.ReadData(), out var nsec) ? nsec.Types : default;

    private static bool IsOptOut(DnsRecord record) => DnsNextSecure3.TryRead(record.ReadData(), out var nsec) && (nsec.Flags & 1) != 0;

    // The last name's next one is the first, the zone itself.
    private bool Covers(DnsRecord record, DnsName name)
    {
        var next = NextOf(record);
        if (!(record.Name < name) || !(name < next || next == _zone))
            return false;
        // A delegation, or a DNAME, says nothing of what is below it.
        return !name.IsAtOrBelow(record.Name) || !(IsUnsignedOrSignedCut(PlainTypes(record)) || DnsTypeBitmap.Contains(PlainTypes(record), DnsType.DNAME));
    }

    private static bool IsUnsignedOrSignedCut(ReadOnlySpan<byte> types) => DnsTypeBitmap.Contains(types, DnsType.NS) && !DnsTypeBitmap.Contains(types, DnsType.SOA);

    // The longest name above that exists: what it shares with the names on both sides.
    private static DnsName PlainEncloser(DnsRecord covering, DnsName name)
    {
        var next = NextOf(covering);
        var ancestor = name.Parent;
        while (!ancestor.IsRoot && !covering.Name.IsAtOrBelow(ancestor) && !next.IsAtOrBelow(ancestor))
            ancestor = ancestor.Parent;
        return ancestor;
    }

    private DnsName? HashedEncloser(DnsName name)
    {
        for (var ancestor = name.Parent; _hashed.Count > 0 && ancestor.IsAtOrBelow(_zone); ancestor = ancestor.Parent)
        {
            if (HashMatching(ancestor) is not null)
                return ancestor;
            if (ancestor.IsRoot)
                break;
        }
        return null;
    }

    private DnsRecord? HashMatching(DnsName name) =>
        _hashed.Find(record => Hash(record, name) is { } hash && OwnerHash(record) is { } owner && owner.AsSpan().SequenceEqual(hash));

    private DnsRecord? HashCovering(DnsName name) => _hashed.Find(record =>
    {
        if (Hash(record, name) is not { } hash || OwnerHash(record) is not { } owner || !DnsNextSecure3.TryRead(record.ReadData(), out var nsec))
            return false;
        var (isBehind, isBefore) = (owner.AsSpan().SequenceCompareTo(hash) < 0, hash.AsSpan().SequenceCompareTo(nsec.Next) < 0);
        var isLast = owner.AsSpan().SequenceCompareTo(nsec.Next) >= 0;
        return isLast ? isBehind || isBefore : isBehind && isBefore;
    });

    private byte[]? OwnerHash(DnsRecord record) =>
        record.Name.Parent == _zone ? Base32Hex.Decode(System.Text.Encoding.ASCII.GetString(record.Name.FirstLabel)) : null;

    private bool IsUsable(DnsRecord record)
    {
        if (!DnsNextSecure3.TryRead(record.ReadData(), out var nsec) || nsec.Algorithm != 1)
            return false;
        if (nsec.Iterations <= MaxIterations)
            return true;
        IsTooCostly = true;
        return false;
    }

    // RFC 5155 section 5: the name in small letters and the salt, hashed, and the hash and the salt again.
    private static byte[]? Hash(DnsRecord record, DnsName name)
    {
        if (!DnsNextSecure3.TryRead(record.ReadData(), out var nsec))
            return null;
        byte[] input = [.. name.ToLower().Wire, .. nsec.Salt];
        for (var round = 0; ; round++)
        {
#pragma warning disable CA5350 // the one algorithm of RFC 5155
            var hash = SHA1.HashData(input);
#pragma warning restore CA5350
            if (round == nsec.Iterations)
                return hash;
            input = [.. hash, .. nsec.Salt];
        }
    }
}

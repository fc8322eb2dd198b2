using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Data;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;
using Gatehouse.Protocols.Dns.Text;

namespace Gatehouse.Dns.Validation;

/// <summary>The checking of one answer: the zones that it has met, and what it may still cost.</summary>
internal sealed class ValidationRun(TrustAnchors anchors, RecordFetch fetch, Func<DateTimeOffset> clock)
{
    private const int MaxFetches = 64;

    private readonly SignatureCheck _check = new(clock);

    // The keys of zones; null for one that is proven not to be signed.
    private readonly Dictionary<DnsName, List<DnsRecord>?> _zones = [];
    private int _fetches;

    /// <exception cref="BogusException">A signature does not hold.</exception>
    internal async ValueTask<ValidationResult> ValidateAsync(DnsQuestion question, DnsMessage answer, CancellationToken cancellation)
    {
        if (anchors.ZoneOf(question.Name) is null)
            return new ValidationResult(ValidationStatus.Insecure, $"no trust anchor is above {question.Name}");
        if (answer.Rcode is not (DnsRcode.NoError or DnsRcode.NXDomain))
            return new ValidationResult(ValidationStatus.Insecure, $"the answer is {DnsTypeNames.NameOf(answer.Rcode)}, which nobody signs");
        var sets = RecordSet.Of(answer.Answers);
        var proofs = RecordSet.Of(answer.Authorities);
        var end = question.Name;
        var isInsecure = false;
        for (var aliases = 0; aliases <= Resolver.AnswerChain.MaxAliases; aliases++)
        {
            var set = sets.Find(set => set.Name == end && (set.Type == question.Type || question.Type == DnsType.ANY));
            var alias = set is null ? sets.Find(set => set.Name == end && set.Type == DnsType.CNAME) : null;
            if ((set ?? alias) is not { } found)
                return await NegativeAsync(question with { Name = end }, answer.Rcode, proofs, isInsecure, cancellation);
            if (alias is not null && alias.Signatures.Count == 0 && sets.Find(set => set.Type == DnsType.DNAME && end.IsAtOrBelow(set.Name) && end != set.Name) is { } dname)
                found = Synthesized(alias, dname);
            isInsecure |= !await IsSecureAsync(found, proofs, cancellation);
            if (alias is null)
                return Result(isInsecure, $"{found} is signed from the trust anchor down");
            var reader = alias.Records[0].ReadData();
            if (!reader.TryReadName(out var target))
                throw new BogusException($"{alias} is malformed");
            end = target.ToName();
        }
        throw new BogusException($"the aliases of {question.Name} lead in a circle");
    }

    private static ValidationResult Result(bool isInsecure, string reason) => isInsecure
        ? new ValidationResult(ValidationStatus.Insecure, "a zone above it is proven not to be signed, or is signed in a way that is not known")
        : new ValidationResult(ValidationStatus.Secure, reason);

    // RFC 6672 section 5.3.1: the alias is made of the DNAME, which is signed in its place; so it must be what the DNAME makes.
    private static RecordSet Synthesized(RecordSet alias, RecordSet dname)
    {
        var reader = dname.Records[0].ReadData();
        var made = alias.Records[0].ReadData();
        if (!reader.TryReadName(out var to) || !made.TryReadName(out var target))
            throw new BogusException($"{dname} is malformed");
        var prefix = alias.Name.Wire[..(alias.Name.Wire.Length - dname.Name.Wire.Length)];
        Span<byte> expected = stackalloc byte[2 * DnsWireName.MaxLength];
        prefix.CopyTo(expected);
        var length = prefix.Length + to.CopyTo(expected[prefix.Length..]);
        if (!target.Is(expected[..length]))
            throw new BogusException($"{alias} is not what {dname} makes of it");
        return dname;
    }

    private async ValueTask<ValidationResult> NegativeAsync(
        DnsQuestion question, DnsRcode rcode, List<RecordSet> proofs, bool isInsecure, CancellationToken cancellation)
    {
        if (await ZoneAboveAsync(question.Type == DnsType.DS ? question.Name.Parent : question.Name, cancellation) is not { } zone)
            return Result(isInsecure: true, "");
        var denial = await ProvenAsync(zone, proofs, cancellation);
        if (denial.IsTooCostly)
            return Result(isInsecure: true, "");
        var isDenied = rcode == DnsRcode.NXDomain ? denial.DeniesName(question.Name) : denial.DeniesType(question.Name, question.Type);
        if (!isDenied)
            throw new BogusException($"that {question} does not exist is not proven");
        return Result(isInsecure, rcode == DnsRcode.NXDomain ? $"that {question.Name} does not exist is proven" : $"that there is no {question} is proven");
    }

    // True when a set is signed down from the anchor, false when it is proven that it need not be.
    private async ValueTask<bool> IsSecureAsync(RecordSet set, List<RecordSet> proofs, CancellationToken cancellation)
    {
        if (SignerOf(set) is not { } signer)
        {
            var zone = await ZoneAboveAsync(set.Type == DnsType.DS ? set.Name.Parent : set.Name, cancellation);
            return zone is null ? false : throw new BogusException($"{set} has no signature, and its zone {zone} is signed");
        }
        if (!set.Name.IsAtOrBelow(signer))
            throw new BogusException($"{set} is signed by {signer}, which is not above it");
        if (await KeysAsync(signer, cancellation) is not { } keys)
            return false;
        if (!keys.Exists(IsKnownKey))
            return false;
        if (_check.Verify(set, signer, keys, out var wildcard) is { } fault)
            throw new BogusException(fault);
        if (wildcard is { } labels && !(await ProvenAsync(signer, proofs, cancellation)).DeniesCloser(set.Name, labels))
            throw new BogusException($"{set} comes of a wildcard, and that there is nothing more exact is not proven");
        return true;
    }

    private static bool IsKnownKey(DnsRecord record) => DnsKey.TryRead(record.ReadData(), out var key) && SignatureAlgorithm.IsKnown(key.Algorithm);

    private static DnsName? SignerOf(RecordSet set)
    {
        foreach (var record in set.Signatures)
        {
            if (DnsSignature.TryRead(record.ReadData(), out var signature))
                return signature.Signer.ToName();
        }
        return null;
    }

    // The proofs that the zone has signed.
    private async ValueTask<Denial> ProvenAsync(DnsName zone, List<RecordSet> proofs, CancellationToken cancellation)
    {
        var proven = new List<RecordSet>();
        if (await KeysAsync(zone, cancellation) is { } keys)
        {
            foreach (var set in proofs)
            {
                if (set.Type is DnsType.NSEC or DnsType.NSEC3 && set.Name.IsAtOrBelow(zone) && _check.Verify(set, zone, keys, out var wildcard) is null && wildcard is null)
                    proven.Add(set);
            }
        }
        return new Denial(zone, proven);
    }

    /// <summary>The signed zone that a name is in, found from the anchor down; null when a delegation on the way is proven not to be signed.</summary>
    private async ValueTask<DnsName?> ZoneAboveAsync(DnsName name, CancellationToken cancellation)
    {
        var zone = anchors.ZoneOf(name);
        if (zone is null)
            return null;
        for (var labels = zone.Value.LabelCount + 1; labels <= name.LabelCount; labels++)
        {
            var ancestor = name;
            while (ancestor.LabelCount > labels)
                ancestor = ancestor.Parent;
            var message = await FetchAsync(new DnsQuestion(ancestor, DnsType.DS), cancellation);
            var signed = RecordSet.Of(message.Answers).Find(set => set.Type == DnsType.DS && set.Name == ancestor);
            if (signed is not null)
            {
                if (await KeysAsync(ancestor, cancellation) is null)
                    return null;
                zone = ancestor;
                continue;
            }
            var denial = await ProvenAsync(zone.Value, RecordSet.Of(message.Authorities), cancellation);
            if (denial.IsTooCostly || denial.DeniesSigning(ancestor))
                return null;
            // Nothing below a name that does not exist is another zone; what has no DS, and is no delegation, is in the same one.
            if (message.Rcode == DnsRcode.NXDomain && denial.DeniesName(ancestor))
                return zone;
            if (!denial.DeniesType(ancestor, DnsType.DS) && !message.Answers.Any(static record => record.Type == DnsType.CNAME))
                throw new BogusException($"that {ancestor} has no DS record is not proven by {zone}");
        }
        return zone;
    }

    /// <summary>The keys of a zone, checked up to the anchor; null when it is proven not to be signed.</summary>
    private async ValueTask<List<DnsRecord>?> KeysAsync(DnsName zone, CancellationToken cancellation)
    {
        if (_zones.TryGetValue(zone, out var known))
            return known;
        if (anchors.ZoneOf(zone) is not { } anchor)
            return null;
        List<DnsRecord> trusted;
        if (anchor == zone)
            trusted = [.. anchors.Records.Where(record => record.Name == zone)];
        else
        {
            var message = await FetchAsync(new DnsQuestion(zone, DnsType.DS), cancellation);
            var set = RecordSet.Of(message.Answers).Find(set => set.Type == DnsType.DS && set.Name == zone);
            if (set is null)
            {
                if (await ZoneAboveAsync(zone, cancellation) is not { } above)
                    return _zones[zone] = null;
                throw new BogusException($"{zone} signs as a zone, and is a part of {above}");
            }
            if (SignerOf(set) is not { } parent || parent == zone || !zone.IsAtOrBelow(parent))
                throw new BogusException($"{set} is not signed by a zone above it");
            if (await KeysAsync(parent, cancellation) is not { } parentKeys)
                return _zones[zone] = null;
            if (_check.Verify(set, parent, parentKeys, out _) is { } fault)
                throw new BogusException(fault);
            trusted = set.Records;
        }
        // RFC 4035 section 5.2: none of a kind that is known here, and it counts as not signed.
        trusted = trusted.FindAll(IsKnownAnchor);
        return _zones[zone] = trusted.Count == 0 ? null : await EnterAsync(zone, trusted, cancellation);
    }

    // The zone's own keys, signed by one of those that are trusted.
    private async ValueTask<List<DnsRecord>> EnterAsync(DnsName zone, List<DnsRecord> trusted, CancellationToken cancellation)
    {
        var message = await FetchAsync(new DnsQuestion(zone, DnsType.DNSKEY), cancellation);
        var set = RecordSet.Of(message.Answers).Find(set => set.Type == DnsType.DNSKEY && set.Name == zone)
            ?? throw new BogusException($"{zone} should be signed, and has no DNSKEY records");
        var entries = set.Records.FindAll(key => trusted.Exists(anchor => Matches(anchor, key)));
        if (entries.Count == 0)
            throw new BogusException($"none of the keys of {zone} is the one that is trusted: {string.Join(", ", trusted.Select(static record => DnsDataText.Format(record.Type, record.Data.Span)))}");
        if (_check.Verify(set, zone, entries, out _) is { } fault)
            throw new BogusException(fault);
        // RFC 5011 section 2.1: a revoked key signs nothing but itself.
        return set.Records.FindAll(static record => DnsKey.TryRead(record.ReadData(), out var key) && (key.Flags & 0x80) == 0);
    }

    private static bool IsKnownAnchor(DnsRecord record) => record.Type == DnsType.DNSKEY
        ? IsKnownKey(record)
        : DnsDelegationSigner.TryRead(record.ReadData(), out var ds) && SignatureAlgorithm.IsKnown(ds.Algorithm) && SignatureAlgorithm.IsKnownDigest(ds.DigestType);

    private static bool Matches(DnsRecord anchor, DnsRecord key)
    {
        if (anchor.Type == DnsType.DNSKEY)
            return anchor.Data.Span.SequenceEqual(key.Data.Span);
        return DnsDelegationSigner.TryRead(anchor.ReadData(), out var ds) && DnsKey.TryRead(key.ReadData(), out var parsed)
            && ds.Algorithm == parsed.Algorithm && ds.KeyTag == KeyTag.Of(key.Data.Span)
            && SignatureAlgorithm.Digest(ds.DigestType, [.. key.Name.ToLower().Wire, .. key.Data.Span]) is { } digest && ds.Digest.SequenceEqual(digest);
    }

    private async ValueTask<DnsMessage> FetchAsync(DnsQuestion question, CancellationToken cancellation)
    {
        if (++_fetches > MaxFetches)
            throw new BogusException($"more than {MaxFetches} further questions would be needed");
        var bytes = await fetch(question, cancellation);
        return DnsMessage.TryRead(bytes.Span, out var message, out var fault)
            ? message
            : throw new DnsException(DnsFault.BadReply, $"the answer to {question} is malformed: {fault}");
    }
}

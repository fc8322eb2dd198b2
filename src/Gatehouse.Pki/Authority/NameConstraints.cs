using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Pki.Names;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Pki.Authority;

/// <summary>
/// What an authority may sign at all (RFC 5280 section 4.2.1.10): domains with every name below them, and ranges of addresses. Written into its root
/// certificate, so that whoever trusts the root, or steals its key, gains no other name.
/// </summary>
/// <param name="Domains">The domains, in lower case.</param>
/// <param name="Addresses">The ranges of addresses.</param>
public sealed record NameConstraints(IReadOnlyList<string> Domains, IReadOnlyList<IpPrefix> Addresses)
{
    private const string Oid = "2.5.29.30";
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag IpAddressName = new(TagClass.ContextSpecific, 7);
    private static readonly Asn1Tag Permitted = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag Excluded = new(TagClass.ContextSpecific, 1, isConstructed: true);

    /// <summary>Reads domains, addresses and ranges of addresses, each given as a person writes it.</summary>
    public static bool TryParse(IEnumerable<string> texts, [NotNullWhen(true)] out NameConstraints? constraints, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(texts);
        constraints = null;
        var domains = new List<string>();
        var addresses = new List<IpPrefix>();
        foreach (var text in texts)
        {
            if (text.Contains('/', StringComparison.Ordinal))
            {
                if (!IpPrefix.TryParse(text, out var prefix, out fault))
                    return false;
                addresses.Add(prefix);
            }
            else if (!CertificateName.TryParse(text.TrimStart('.'), out var name, out fault))
            {
                return false;
            }
            else if (name.IsAddress)
            {
                addresses.Add(new IpPrefix(name.Address, name.Address.BitLength));
            }
            else
            {
                domains.Add(name.Host);
            }
        }
        fault = null;
        constraints = new NameConstraints(domains, addresses);
        return true;
    }

    /// <summary>True when the authority may sign <paramref name="name"/>.</summary>
    public bool Permits(CertificateName name) => name.IsAddress
        ? Addresses.Any(prefix => prefix.Contains(name.Address))
        : Domains.Any(domain => LocalNames.IsAtOrBelow(name.Host, domain));

    /// <summary>The names and ranges.</summary>
    public override string ToString() => string.Join(", ", Domains.Concat(Addresses.Select(prefix => prefix.ToString())));

    /// <summary>The constraints of a certificate; null when it has none.</summary>
    /// <exception cref="CryptographicException">They are malformed.</exception>
    internal static NameConstraints? Of(X509Certificate2 certificate)
    {
        if (certificate.Extensions[Oid] is not { } extension)
            return null;
        var domains = new List<string>();
        var addresses = new List<IpPrefix>();
        try
        {
            var sequence = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            if (!sequence.HasData || !sequence.PeekTag().HasSameClassAndValue(Permitted))
                return new NameConstraints(domains, addresses);
            var subtrees = sequence.ReadSequence(Permitted);
            while (subtrees.HasData)
            {
                var subtree = subtrees.ReadSequence();
                if (subtree.PeekTag().HasSameClassAndValue(DnsName))
                    domains.Add(subtree.ReadCharacterString(UniversalTagNumber.IA5String, DnsName));
                else if (subtree.PeekTag().HasSameClassAndValue(IpAddressName))
                    addresses.Add(Prefix(subtree.ReadOctetString(IpAddressName)));
            }
        }
        catch (AsnContentException exception)
        {
            throw new CryptographicException("the name constraints of the certificate are malformed", exception);
        }
        return new NameConstraints(domains, addresses);
    }

    /// <summary>The extension, critical. A kind of name of which nothing is permitted is excluded whole: constraints on one kind say nothing of another.</summary>
    internal X509Extension Extension()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (Domains.Count + Addresses.Count > 0)
                WriteSubtrees(writer, Permitted, Domains, Addresses);
            if (Domains.Count == 0 || Addresses.Count == 0)
                WriteSubtrees(writer, Excluded, Domains.Count == 0 ? [""] : [], Addresses.Count == 0 ? [IpPrefix.Parse("0.0.0.0/0"), IpPrefix.Parse("::/0")] : []);
        }
        return new X509Extension(Oid, writer.Encode(), critical: true);
    }

    private static void WriteSubtrees(AsnWriter writer, Asn1Tag tag, IReadOnlyList<string> domains, IReadOnlyList<IpPrefix> addresses)
    {
        using var subtrees = writer.PushSequence(tag);
        foreach (var domain in domains)
        {
            using (writer.PushSequence())
                writer.WriteCharacterString(UniversalTagNumber.IA5String, domain, DnsName);
        }
        foreach (var prefix in addresses)
        {
            using (writer.PushSequence())
                writer.WriteOctetString(Bytes(prefix), IpAddressName);
        }
    }

    // The address, then the mask.
    private static byte[] Bytes(IpPrefix prefix)
    {
        var size = prefix.Address.BitLength / 8;
        var bytes = new byte[2 * size];
        prefix.Address.TryWriteBytes(bytes, out _);
        for (var bit = 0; bit < prefix.Length; bit++)
            bytes[size + bit / 8] |= (byte)(0x80 >> (bit % 8));
        return bytes;
    }

    private static IpPrefix Prefix(byte[] bytes)
    {
        if (bytes.Length is not (8 or 32))
            throw new AsnContentException($"an address with its mask has 8 or 32 bytes, found {bytes.Length}");
        var size = bytes.Length / 2;
        var length = bytes.AsSpan(size).ToArray().Sum(part => System.Numerics.BitOperations.PopCount(part));
        return new IpPrefix(IpAddress.FromBytes(bytes.AsSpan(0, size)), length);
    }
}

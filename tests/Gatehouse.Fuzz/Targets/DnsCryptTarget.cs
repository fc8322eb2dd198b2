using System.Buffers.Text;
using Gatehouse.Protocols.DnsCrypt;
using Gatehouse.Protocols.DnsStamps;

namespace Gatehouse.Fuzz.Targets;

/// <summary>What strangers write of DNSCrypt: stamps are read as they are written, certificates too, and a frame is opened or not.</summary>
internal sealed class DnsCryptTarget : IFuzzTarget
{
    public string Name => "dnscrypt";

    public IEnumerable<byte[]> Seeds =>
    [
        Base64Url.DecodeFromChars("AQMAAAAAAAAAFDE3Ni4xMDMuMTMwLjEzMDo1NDQzINErR_JS3PLCu_iZEIbq95zkSV2LFsigxDIuUso_OQhzIjIuZG5zY3J5cHQuZGVmYXVsdC5uczEuYWRndWFyZC5jb20"),
        Base64Url.DecodeFromChars("AgcAAAAAAAAABzEuMC4wLjGgENk8mGSlIfMGXMOlIlCcKvq7AVgcrZxtjon911-ep0cg63Ul-I8NlFj4GplQGb_TTLiczclX57DvMV8Q-JdjgRgSZG5zLmNsb3VkZmxhcmUuY29tCi9kbnMtcXVlcnk"),
        [0x81, 9, .. "192.0.2.1"u8],
        [.. "DNSC\0\u0001\0\0"u8, .. new byte[96], 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3],
        [.. DnsCryptResponse.Magic, .. new byte[24 + 16 + 64]],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (DnsStamp.TryParse(DnsStamp.Scheme + Base64Url.EncodeToString(input), out var stamp, out var fault))
            Claim.That(DnsStamp.TryParse(stamp.ToString(), out var again, out _) && again == stamp, "a stamp that is written can be read");
        else
            Claim.That(fault.Length > 0, "what is no stamp has a reason");
        if (DnsCryptCertificate.TryParse(input, out var certificate, out _))
        {
            var written = new byte[DnsCryptCertificate.Length];
            certificate.Write(written);
            Claim.That(DnsCryptCertificate.SignedPart(written).SequenceEqual(DnsCryptCertificate.SignedPart(input[..DnsCryptCertificate.Length])), "a certificate is written as it was read");
        }

        var room = new byte[input.Length + DnsCryptPadding.Block];
        if (input.Length >= DnsCryptQuery.LeastLength)
            Claim.That(DnsCryptQuery.Open(DnsCryptConstruction.XSalsa20Poly1305, room.AsSpan(0, 32), input, OpenBox.Instance, room) < input.Length, "a message is shorter than its query");
        var nonce = DnsCryptResponse.ClientNonce(input);
        if (!nonce.IsEmpty)
            Claim.That(DnsCryptResponse.Open(DnsCryptConstruction.XSalsa20Poly1305, room.AsSpan(0, 32), nonce, input, OpenBox.Instance, room) < input.Length, "a message is shorter than its answer");
        _ = DnsCryptRelayHeader.TryRead(input, out _);
    }

    // Lets every box be opened, so that what is in it is read.
    private sealed class OpenBox : IDnsCryptBox
    {
        public static OpenBox Instance { get; } = new();

        public void Seal(DnsCryptConstruction construction, ReadOnlySpan<byte> sharedKey, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> message, Span<byte> box) =>
            message.CopyTo(box[DnsCryptQuery.TagLength..]);

        public bool TryOpen(DnsCryptConstruction construction, ReadOnlySpan<byte> sharedKey, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> box, Span<byte> message)
        {
            box[DnsCryptQuery.TagLength..].CopyTo(message);
            return true;
        }
    }
}

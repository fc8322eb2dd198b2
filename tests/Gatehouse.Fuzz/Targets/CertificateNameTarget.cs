using System.Text;
using Gatehouse.Pki.Names;

namespace Gatehouse.Fuzz.Targets;

/// <summary>Names of certificates: what is read is in its one form, which is read as the same again and covers itself; what is none has a reason.</summary>
internal sealed class CertificateNameTarget : IFuzzTarget
{
    public string Name => "certificate-name";

    public IEnumerable<byte[]> Seeds => Targets.Seeds.Of("shop.example.com", "*.Example.com", "10.0.0.1", "[2001:db8::1]", "::ffff:1.2.3.4", "a.", "xn--bcher-kva.example", "*.*", "1.2.3", "");

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!CertificateName.TryParse(Encoding.UTF8.GetString(input), out var name, out var fault))
        {
            Claim.That(fault.Length > 0, "a refusal has a reason");
            return;
        }
        Claim.That(CertificateName.Parse(name.ToString()) == name, "a name is read as the same again");
        Claim.That(name.Covers(name), "a name covers itself");
        Claim.That(Ascii.IsValid(name.ToString()), "a name is in its ASCII form");
        _ = LocalNames.Contains(name);
    }
}

using System.Buffers.Text;
using System.Text;
using Gatehouse.Pki.Acme;
using Gatehouse.Pki.Acme.Jose;

namespace Gatehouse.Fuzz.Targets;

/// <summary>What ACME clients and servers send: signed messages, their headers and keys, and problem documents. Refused with a reason or read, and nothing else.</summary>
internal sealed class JoseTarget : IFuzzTarget
{
    public string Name => "jose";

    public IEnumerable<byte[]> Seeds => Targets.Seeds.Of(
        """{"protected":"eyJhbGciOiJFUzI1NiIsInVybCI6InUiLCJub25jZSI6Im4iLCJraWQiOiJrIn0","payload":"e30","signature":"AAAA"}""",
        """{"alg":"ES256","url":"u","nonce":"n","kid":"k"}""",
        """{"alg":"ES256","url":"u","nonce":"n","jwk":{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}}""",
        """{"type":"urn:ietf:params:acme:error:malformed","detail":"d","status":400,"subproblems":[{"detail":"x","identifier":{"type":"dns","value":"a.test"}}]}""");

    public void Run(ReadOnlySpan<byte> input)
    {
        Read(input.ToArray());
        // As the protected header of a message that is otherwise right.
        Read(Encoding.ASCII.GetBytes($$"""{"protected":"{{Base64Url.EncodeToString(input)}}","payload":"e30","signature":"AAAA"}"""));
        Claim.That(AcmeProblem.Parse(400, input.ToArray()).ToString().Length > 0, "a problem has words");
    }

    private static void Read(byte[] message)
    {
        try
        {
            var read = JwsMessage.Parse(message);
            Claim.That(read.Key is null != read.KeyId is null, "a message has a key or the name of one");
            if (read.Key is { } key)
                Claim.That(key.Thumbprint.Length == 43, "a thumbprint is SHA-256 in base64url");
        }
        catch (FormatException exception)
        {
            Claim.That(exception.Message.Length > 0, "a refusal has a reason");
        }
    }
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Acme.Server;

/// <summary>An order and what belongs to it (RFC 8555 section 7.1.6). Changed under its own lock.</summary>
internal sealed class ServerOrder
{
    public ServerOrder(string account, IReadOnlyList<CertificateName> names, string profile, DateTimeOffset expires)
    {
        Account = account;
        Names = names;
        Profile = profile;
        Expires = expires;
        Authorizations = [.. names.Select(name => new ServerAuthorization(this, name))];
    }

    public string Id { get; } = NewId();

    public string Account { get; }

    public IReadOnlyList<CertificateName> Names { get; }

    public string Profile { get; }

    public DateTimeOffset Expires { get; }

    public IReadOnlyList<ServerAuthorization> Authorizations { get; }

    /// <summary>The certificate, once it is issued.</summary>
    public X509Certificate2? Certificate { get; set; }

    public Lock Changing { get; } = new();

    /// <summary>The status at <paramref name="now"/>.</summary>
    public string StatusAt(DateTimeOffset now)
    {
        if (Certificate is not null)
            return "valid";
        if (now >= Expires || Authorizations.Any(authorization => authorization.Status is "invalid" or "deactivated"))
            return "invalid";
        return Authorizations.All(authorization => authorization.Status == "valid") ? "ready" : "pending";
    }

    internal static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}

/// <summary>The proof for one name of an order.</summary>
internal sealed class ServerAuthorization
{
    public ServerAuthorization(ServerOrder order, CertificateName name)
    {
        Order = order;
        Name = name;
        Challenges = [new ServerChallenge(this, "http-01"), new ServerChallenge(this, "tls-alpn-01")];
    }

    public string Id { get; } = ServerOrder.NewId();

    public ServerOrder Order { get; }

    public CertificateName Name { get; }

    public IReadOnlyList<ServerChallenge> Challenges { get; }

    public bool IsDeactivated { get; set; }

    public string Status => IsDeactivated ? "deactivated"
        : Challenges.Any(challenge => challenge.Status == "valid") ? "valid"
        : Challenges.Any(challenge => challenge.Status == "invalid") ? "invalid"
        : "pending";
}

/// <summary>One way to prove it.</summary>
internal sealed class ServerChallenge(ServerAuthorization authorization, string type)
{
    public string Id { get; } = ServerOrder.NewId();

    public ServerAuthorization Authorization { get; } = authorization;

    public string Type { get; } = type;

    public string Token { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));

    public string Status { get; set; } = "pending";

    public DateTimeOffset? Validated { get; set; }

    /// <summary>Why it is invalid.</summary>
    public AcmeRefusal? Error { get; set; }
}

namespace Gatehouse.Pki.Acme.Server;

/// <summary>
/// The orders of the last days with their authorizations, challenges and certificates, in memory: a client whose order is forgotten makes another. Bounded for
/// each account and in all.
/// </summary>
internal sealed class OrderTable
{
    private const int Capacity = 10_000;
    private const int MaxOpenPerAccount = 100;

    private readonly Dictionary<string, ServerOrder> _orders = [];
    private readonly Dictionary<string, ServerAuthorization> _authorizations = [];
    private readonly Dictionary<string, ServerChallenge> _challenges = [];
    private readonly Dictionary<string, ServerOrder> _byCertificate = [];
    private readonly HashSet<string> _revoked = [];
    private readonly Lock _changing = new();

    public void Add(ServerOrder order, DateTimeOffset now)
    {
        lock (_changing)
        {
            foreach (var old in _orders.Values.Where(old => IsOver(old, now)).ToList())
                Remove(old);
            if (_orders.Values.Count(other => other.Account == order.Account && other.StatusAt(now) is "pending" or "ready") >= MaxOpenPerAccount)
                throw new AcmeRefusal(429, "rateLimited", $"The account has {MaxOpenPerAccount} open orders; finish some first.");
            if (_orders.Count >= Capacity)
                throw new AcmeRefusal(429, "rateLimited", $"This server has {Capacity} orders and takes no more for now.");
            _orders[order.Id] = order;
            foreach (var authorization in order.Authorizations)
            {
                _authorizations[authorization.Id] = authorization;
                foreach (var challenge in authorization.Challenges)
                    _challenges[challenge.Id] = challenge;
            }
        }
    }

    public ServerOrder? Order(string id) => Locked(_orders, id);

    public ServerAuthorization? Authorization(string id) => Locked(_authorizations, id);

    public ServerChallenge? Challenge(string id) => Locked(_challenges, id);

    public ServerOrder? ByCertificate(string certificateId) => Locked(_byCertificate, certificateId);

    public IReadOnlyList<ServerOrder> Of(string account)
    {
        lock (_changing)
            return [.. _orders.Values.Where(order => order.Account == account)];
    }

    public void NoteCertificate(ServerOrder order)
    {
        lock (_changing)
            _byCertificate[CertificateId.Of(order.Certificate!)!] = order;
    }

    /// <summary>False when it was revoked before.</summary>
    public bool Revoke(string certificateId)
    {
        lock (_changing)
            return _revoked.Add(certificateId);
    }

    public bool IsRevoked(string certificateId)
    {
        lock (_changing)
            return _revoked.Contains(certificateId);
    }

    private static bool IsOver(ServerOrder order, DateTimeOffset now) =>
        order.Certificate is { } certificate ? certificate.NotAfter.ToUniversalTime() < now : order.Expires < now;

    private T? Locked<T>(Dictionary<string, T> table, string id)
        where T : class
    {
        lock (_changing)
            return table.GetValueOrDefault(id);
    }

    private void Remove(ServerOrder order)
    {
        _orders.Remove(order.Id);
        foreach (var authorization in order.Authorizations)
        {
            _authorizations.Remove(authorization.Id);
            foreach (var challenge in authorization.Challenges)
                _challenges.Remove(challenge.Id);
        }
        if (order.Certificate is not null && CertificateId.Of(order.Certificate) is { } id)
        {
            _byCertificate.Remove(id);
            _revoked.Remove(id);
        }
    }
}

namespace Gatehouse.Pki.Acme.Client;

/// <summary>Carries ACME's requests.</summary>
internal interface IAcmeTransport
{
    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <param name="method">GET, HEAD or POST.</param>
    /// <param name="url">Where to.</param>
    /// <param name="body">A JWS; null for none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">There was no answer.</exception>
    Task<AcmeResponse> SendAsync(string method, string url, byte[]? body, CancellationToken cancellation);
}

/// <summary>An answer.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Body">The body.</param>
internal sealed record AcmeResponse(int Status, byte[] Body)
{
    /// <summary>Replay-Nonce; null when it is missing.</summary>
    public string? Nonce { get; init; }

    /// <summary>Location; null when it is missing.</summary>
    public string? Location { get; init; }

    /// <summary>When to ask again, by Retry-After; null when it is missing.</summary>
    public DateTimeOffset? RetryAt { get; init; }
}

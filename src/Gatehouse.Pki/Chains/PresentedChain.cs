using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Pki.Chains;

/// <summary>Certificates as a server sends them or a file holds them: the first is the server's own.</summary>
/// <param name="Source">Where they come from, in words.</param>
/// <param name="Certificates">The certificates, in the order found; at least one.</param>
/// <param name="Notes">What is to be said about how they were found.</param>
public sealed record PresentedChain(string Source, IReadOnlyList<X509Certificate2> Certificates, IReadOnlyList<Finding> Notes);

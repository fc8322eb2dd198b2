using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Pki.Chains;

/// <summary>The authorities that are trusted, and where that is said.</summary>
/// <param name="Where">In words: the system's trust store, or a file.</param>
/// <param name="Certificates">Their certificates.</param>
public sealed record TrustedRoots(string Where, IReadOnlyList<X509Certificate2> Certificates)
{
    /// <summary>What this system trusts; SSL_CERT_FILE and SSL_CERT_DIR are honoured.</summary>
    public static TrustedRoots OfSystem()
    {
        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine);
        store.Open(OpenFlags.ReadOnly);
        var named = Environment.GetEnvironmentVariable("SSL_CERT_FILE");
        return new TrustedRoots(string.IsNullOrEmpty(named) ? "the system's trust store" : $"the trust store {named} (SSL_CERT_FILE)", [.. store.Certificates]);
    }

    /// <summary>What a file says, and nothing else.</summary>
    /// <exception cref="IOException">There is no such file, or no certificate in it.</exception>
    public static TrustedRoots OfFile(string path) => new(path, ChainFile.Read(path).Certificates);

    internal bool Has(X509Certificate2 certificate) => Certificates.Any(root => root.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span));
}

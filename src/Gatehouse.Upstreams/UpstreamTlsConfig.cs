using Gatehouse.Http.Settings;
using Gatehouse.Net.Tls;

namespace Gatehouse.Upstreams;

/// <summary>How targets with <c>https://</c> are spoken to.</summary>
public sealed record UpstreamTlsConfig : ICheckedSettings
{
    /// <summary>The authorities that are trusted; null for the operating system's.</summary>
    [Setting("File of the authorities to trust, in PEM; by default the operating system's (or those of SSL_CERT_FILE)")]
    public FilePath? Ca { get; init; }

    /// <summary>The name that targets are asked for, and that their certificates must have.</summary>
    [Setting("Name to ask the targets for and to find in their certificates; by default the target's address")]
    public string? Name { get; init; }

    /// <summary>The certificate shown to targets that ask for one.</summary>
    [Setting("File of the certificate to show to targets that ask for one, in PEM")]
    public FilePath? Cert { get; init; }

    /// <summary>Its private key.</summary>
    [Setting("File of its private key, in PEM")]
    public FilePath? Key { get; init; }

    /// <summary>Whether the targets' certificates are verified.</summary>
    [Setting("Whether to verify the targets' certificates; off trusts whoever answers")]
    public bool Verify { get; init; } = true;

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (Cert is null != Key is null)
            faults.Report(Cert is null ? "key" : "cert", $"found {(Cert is null ? "key without cert" : "cert without key")}, expected both or neither");
        if (Name is { } name && (name.Length == 0 || name.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0))
            faults.Report("name", $"found '{name}', expected a host name or an address");
    }

    /// <summary>A client with these settings that offers <paramref name="protocols"/> by ALPN.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file cannot be used; the message says which and why.</exception>
    internal TlsClient ToClient(IReadOnlyList<string> protocols) => new(new TlsClientOptions
    {
        Verify = Verify,
        Protocols = protocols,
        Authorities = Ca is { } ca ? TlsCertificate.AuthoritiesFromFile(ca.Value) : null,
        Certificate = Cert is { } cert ? TlsCertificate.FromFiles(cert.Value, Key!.Value.Value) : null,
    });

    /// <summary>Changes when one of the files does, so that an upstream with new certificates is not taken for the one that is running.</summary>
    public string Stamp() => string.Join(';', ((FilePath?[])[Ca, Cert, Key]).Select(static path => path is { } file && File.Exists(file.Value)
        ? $"{File.GetLastWriteTimeUtc(file.Value).Ticks}/{new FileInfo(file.Value).Length}" : ""));
}

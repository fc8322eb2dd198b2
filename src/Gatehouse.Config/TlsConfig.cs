using Gatehouse.Http.Settings;

namespace Gatehouse.Config;

/// <summary>Where a certificate comes from.</summary>
public enum TlsMode
{
    /// <summary>From the files given, else from a certificate authority.</summary>
    Auto,

    /// <summary>There is none: the site is not served over TLS.</summary>
    Off,
}

/// <summary>The TLS of a site.</summary>
public sealed record TlsConfig : ICheckedSettings
{
    /// <summary>Where the certificate comes from.</summary>
    [Setting("auto for a certificate from an authority unless files are given, off for none")]
    [Shorthand]
    public TlsMode Mode { get; init; }

    /// <summary>The certificate and its chain, in PEM.</summary>
    [Setting("File of the certificate and its chain, in PEM")]
    public FilePath? Cert { get; init; }

    /// <summary>The certificate's private key, in PEM.</summary>
    [Setting("File of the certificate's private key, in PEM")]
    public FilePath? Key { get; init; }

    /// <summary>The authorities of client certificates, in PEM; given, clients must have one.</summary>
    [Setting("File of the authorities whose client certificates are asked for, in PEM")]
    public FilePath? ClientCa { get; init; }

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (Cert is null != Key is null)
            faults.Report(Cert is null ? "key" : "cert", $"found {(Cert is null ? "key without cert" : "cert without key")}, expected both or neither");
        if (Mode == TlsMode.Off && (Cert ?? Key ?? ClientCa) is not null)
            faults.Report("mode", "found off beside files, expected one or the other");
    }
}

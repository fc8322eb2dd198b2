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

    /// <summary>Whether a client may also come without a certificate; only with <see cref="ClientCa"/>.</summary>
    [Setting("With client-ca: required refuses clients without a certificate, optional lets them in unverified")]
    [Words("required", "optional")]
    public string ClientAuth { get; init; } = "required";

    /// <summary>An OCSP response for the certificate, in DER.</summary>
    [Setting("File of an OCSP response for the certificate, in DER, that is stapled to the handshake")]
    public FilePath? Staple { get; init; }

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (Cert is null != Key is null)
            faults.Report(Cert is null ? "key" : "cert", $"found {(Cert is null ? "key without cert" : "cert without key")}, expected both or neither");
        if (Staple is not null && Cert is null)
            faults.Report("staple", "found staple without cert, expected the certificate that it is for");
        if (ClientAuth != "required" && ClientCa is null)
            faults.Report("client-auth", "found client-auth without client-ca, expected the authorities of client certificates");
        if (Mode == TlsMode.Off && (Cert ?? Key ?? ClientCa) is not null)
            faults.Report("mode", "found off beside files, expected one or the other");
    }
}

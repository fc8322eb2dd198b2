using Gatehouse.Fuzz.Targets;

namespace Gatehouse.Fuzz;

/// <summary>The one list of targets.</summary>
public static class FuzzTargets
{
    /// <summary>Every codec that reads what a stranger wrote.</summary>
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new AddressesTarget(),
        new UrlPathTarget(),
        new UrlTarget(),
        new HttpDateTarget(),
        new Http1RequestTarget(),
        new Http1ResponseTarget(),
        new Http1ChunkedTarget(),
        new Http2FramesTarget(),
        new HpackTarget(),
        new CgiResponseTarget(),
        new FastCgiTarget(),
        new WorkerFramesTarget(),
        new WebSocketTarget(),
        new HeaderValuesTarget(),
        new CookiesTarget(),
        new UrlEncodedTarget(),
        new ContentCodingTarget(),
        new StructuredFieldsTarget(),
        new MultipartTarget(),
        new ProxyHeaderTarget(),
        new SettingsTarget(),
        new ConfigTarget(),
        new JoseTarget(),
        new CertificateNameTarget(),
        new DnsMessageTarget(),
        new DnsCryptTarget(),
    ];

    /// <summary>The target of this name; null when there is none.</summary>
    public static IFuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}

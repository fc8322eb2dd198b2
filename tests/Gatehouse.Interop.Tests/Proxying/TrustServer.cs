namespace Gatehouse.Interop.Tests.Proxying;

/// <summary>A server that trusts its clients of the loopback network, before an upstream that answers with the head it saw.</summary>
public sealed class TrustServer : IDisposable
{
    private readonly ScriptedUpstream _upstream = ScriptedUpstream.Answering(Answer.Head);

    public TrustServer() => Served = Served.Start($$$"""
        trust: [127.0.0.0/8]
        sites:
          - routes:
              - {match: {path: /*, client: 192.0.2.0/24}, respond: "known client"}
              - {match: /app/*, proxy: {to: ["{{{_upstream.Address}}}"], strip: /app}}
              - {match: /*, proxy: {to: ["{{{_upstream.Address}}}"]}}
        """);

    public Served Served { get; }

    public void Dispose()
    {
        Served.Dispose();
        _upstream.Dispose();
    }
}

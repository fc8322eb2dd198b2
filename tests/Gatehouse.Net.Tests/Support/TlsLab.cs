using System.Collections.Concurrent;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tls;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Testing;

namespace Gatehouse.Net.Tests.Support;

/// <summary>Two reactors, an authority, and connections over TLS between them on carriers of every kind.</summary>
internal sealed class TlsLab : IDisposable, ITlsEvents
{
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly List<IDisposable> _open = [];

    internal TlsLab(string certificateFor = "a.test")
    {
        Certificate = NewCertificate(certificateFor);
        Client = new TlsClient(new TlsClientOptions { Authorities = [Authority.Der] });
    }

    /// <summary>Kinds of carriers: two of sockets, one in memory, and one that splits the stream into odd pieces.</summary>
    internal static TheoryData<string> Kinds => ["tcp", "unix", "memory", "split"];

    internal ReactorGroup Group { get; } = ReactorGroup.StartNew(2);

    internal TestAuthority Authority { get; } = new();

    internal TlsCertificate Certificate { get; }

    internal TlsClient Client { get; set; }

    internal IReadOnlyCollection<string> Failures => _failures;

    public void Dispose()
    {
        _open.ForEach(item => item.Dispose());
        Assert.All(Group.Reactors, reactor => Assert.Equal(0, reactor.CallbackFailures));
        Group.Dispose();
        Authority.Dispose();
    }

    public void OnHandshakeFailed(Endpoint remote, string reason) => _failures.Enqueue(reason);

    internal TlsCertificate NewCertificate(params string[] names)
    {
        var (certificate, key) = Authority.Issue(names);
        return TlsCertificate.FromPem(certificate, key);
    }

    internal TlsServer Server(Func<TlsServerOptions, TlsServerOptions>? change = null)
    {
        var options = new TlsServerOptions { Sites = [new TlsSite([], new FixedCertificate(Certificate))] };
        return new TlsServer(change is null ? options : change(options));
    }

    /// <summary>A listener with TLS on it.</summary>
    internal Listener Listen(TlsServer server, IConnectionAcceptor acceptor, string kind = "tcp") =>
        Listen(new TlsAcceptor(server, acceptor, this), kind);

    internal Listener Listen(TlsAcceptor acceptor, string kind = "tcp")
    {
        var listener = Listener.Start(Group.Reactors, Transports.EchoTests.Of(kind), acceptor);
        _open.Add(listener);
        return listener;
    }

    /// <summary>A pair of transports whose handshake is over.</summary>
    internal async Task<TlsEnd[]> Connect(string kind, TlsServer? server = null, string name = "a.test")
    {
        var accepted = new TaskCompletionSource<TlsEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        var acceptor = new TlsAcceptor(server ?? Server(), new Acceptor(transport => accepted.SetResult(new TlsEnd(transport))), this);
        var client = await Begin(kind, acceptor, name);
        await client.Seen.Saw("writable");
        return [client, await accepted.Task.WaitAsync(ReactorExtensions.Limit)];
    }

    /// <summary>A client whose handshake has begun.</summary>
    internal async Task<TlsEnd> Begin(string kind, TlsAcceptor acceptor, string name = "a.test")
    {
        var (here, there) = (Group.Reactors[0], Group.Reactors[1]);
        if (kind is "memory" or "split")
        {
            var (one, other) = MemoryTransport.Pair(here, there);
            if (kind == "split")
                one.ReadLimit = one.WriteLimit = other.ReadLimit = other.WriteLimit = 700;
            await there.On(() => acceptor.Accept(other));
            return await Begin(one, name);
        }

        var listener = Listener.Start([there], Transports.EchoTests.Of(kind), acceptor);
        _open.Add(listener);
        return await Begin(listener.Endpoint, name);
    }

    internal async Task<TlsEnd> Begin(Endpoint endpoint, string name = "a.test") =>
        await Group.Reactors[0].On(() => Begin(events => Connector.Connect(Group.Reactors[0], endpoint, events), name));

    internal async Task<TlsEnd> Begin(Transport carrier, string name) => await carrier.Reactor.On(() => Begin(_ => carrier, name));

    private TlsEnd Begin(Func<ITransportEvents, Transport> carrier, string name)
    {
        var seen = new Recorder();
        return new TlsEnd(TlsTransport.Connect(carrier(seen), Client, name, seen), seen);
    }
}

using System.Buffers;
using Gatehouse.Http.Client.Exchanges;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Http.Urls;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tls;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Http.Client.Origins;

/// <summary>The connections of one reactor to one origin: a pool for each address that it was reached at. On its reactor's thread only.</summary>
internal sealed class Origin(Reactor reactor, OriginKey key, RequesterOptions options)
{
    // A name whose addresses change with each answer would leave a pool behind for each.
    private const int MaxPools = 16;

    private readonly List<ConnectionPool> _pools = [];

    /// <summary>True when there are no connections.</summary>
    public bool IsEmpty => _pools.TrueForAll(static pool => pool.Count == 0);

    /// <summary>A connection at rest, or null.</summary>
    public Http1ClientConnection? TryRent()
    {
        foreach (var pool in _pools)
        {
            if (pool.TryRent() is { } connection)
                return connection;
        }
        return null;
    }

    /// <summary>Makes a connection: resolves the host, tries its addresses, and asks the proxy for a tunnel where there is one.</summary>
    /// <exception cref="ClientException">That failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async ValueTask<Http1ClientConnection> ConnectAsync(ClientTiming timing, CancellationToken cancellation)
    {
        var pools = await FindPoolsAsync(timing, cancellation);
        var connection = await StaggeredConnect.RunAsync(reactor, pools, cancellation);
        if (key.Proxy is not null)
            await OpenTunnelAsync(connection, key.Proxy, cancellation);
        if (key is { Proxy: not null, Scheme: "https" })
            await StartTlsAsync(connection, cancellation);
        timing.NoteConnected();
        return connection;
    }

    /// <summary>Closes the connections at rest, and those in use when they come back.</summary>
    public void Close()
    {
        foreach (var pool in _pools)
            pool.Close();
    }

    private async ValueTask<List<ConnectionPool>> FindPoolsAsync(ClientTiming timing, CancellationToken cancellation)
    {
        if (key.Endpoint != default)
            return [PoolOf(key.Endpoint)];
        var (host, port) = key.Proxy is { } proxy ? (proxy.Host!, proxy.EffectivePort!.Value) : (key.Host, key.Port);
        if (IpAddress.TryParse(host.Trim('[', ']'), out var address))
            return [PoolOf(new Endpoint(address, (ushort)port))];
        IReadOnlyList<IpAddress> addresses;
        try
        {
            addresses = (await options.Resolver.ResolveAsync(host, cancellation)).Addresses;
        }
        catch (IOException exception)
        {
            throw new ClientException(ClientFault.NameResolution, exception.Message, exception);
        }
        finally
        {
            // A resolver may go on anywhere.
            await ReactorSwitch.To(reactor);
        }
        timing.NoteNameResolved();
        var pools = new List<ConnectionPool>();
        foreach (var next in AddressOrder.Interleave(addresses))
            pools.Add(PoolOf(new Endpoint(next, (ushort)port)));
        return pools;
    }

    private ConnectionPool PoolOf(Endpoint endpoint)
    {
        var pool = _pools.Find(pool => pool.Endpoint == endpoint);
        if (pool is not null)
            return pool;
        if (_pools.Count >= MaxPools)
            _pools.RemoveAll(static pool => pool.Count == 0);
        var (scheme, host) = key.Proxy is { } proxy ? (proxy.Scheme, proxy.Host!) : (key.Scheme, key.Host);
        pool = new ConnectionPool(reactor, endpoint, options.Timeouts, options.Limits) { Tls = scheme == "https" ? TlsFor(host) : null };
        _pools.Add(pool);
        return pool;
    }

    private ClientTls TlsFor(string host) => new(options.Tls ?? TlsClient.Default, host);

    private async ValueTask StartTlsAsync(Http1ClientConnection connection, CancellationToken cancellation)
    {
        using var registration = cancellation.UnsafeRegister(
            static (state, _) => ((Abandon)state!).Ask(), new Abandon(reactor, connection));
        try
        {
            await connection.StartTlsAsync(TlsFor(key.Host));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private async ValueTask OpenTunnelAsync(Http1ClientConnection connection, Url proxy, CancellationToken cancellation)
    {
        using var registration = cancellation.UnsafeRegister(
            static (state, _) => ((Abandon)state!).Ask(), new Abandon(reactor, connection));
        try
        {
            var head = new ArrayBufferWriter<byte>();
            RequestHead.WriteConnect(Url.Parse($"{key.Scheme}://{key.Host}:{key.Port}/"), proxy, head);
            connection.Begin(Method.Connect);
            connection.Output.Append(head.WrittenSpan);
            await connection.FlushAsync();
            await connection.ReadHeadAsync();
            while (connection.Response.IsInterim)
            {
                connection.NextHead(Method.Connect);
                await connection.ReadHeadAsync();
            }
            if (!connection.Response.IsTunnel)
            {
                throw new ClientException(
                    ClientFault.ProxyRefused,
                    $"the proxy {proxy.Authority} answered {connection.Response.Status} to the request for a tunnel to {key.Host}:{key.Port}");
            }
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Closes a connection at the wish of another thread.</summary>
    private sealed class Abandon(Reactor reactor, Http1ClientConnection connection) : IReactorWork
    {
        private readonly int _generation = connection.Generation;

        public void Ask() => reactor.TryPost(this);

        public void Run()
        {
            if (connection.Generation == _generation)
                connection.Dispose();
        }
    }
}

using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Dns.Servers;

/// <summary>Where a server is, and the way there: its addresses, given or asked for, tried one after the other.</summary>
internal sealed class ServerPlace(Reactor reactor, ServerAddress address, ServerOptions options)
{
    /// <summary>Connects to the first address that answers.</summary>
    /// <exception cref="DnsException">None did.</exception>
    internal async ValueTask<TransportStream> ConnectAsync(ServerTls? tls, CancellationToken cancellation)
    {
        var addresses = await FindAsync(cancellation);
        for (var i = 0; ; i++)
        {
            var endpoint = new Endpoint(addresses[i], address.Port);
            try
            {
                var stream = tls is null
                    ? await NetClient.ConnectAsync(endpoint, options.Timeout, reactor, cancellation)
                    : await NetClient.ConnectTlsAsync(endpoint, tls.Client, tls.Name, options.Timeout, reactor, cancellation);
                tls?.Check(stream);
                return stream;
            }
            catch (Exception exception) when (exception is TimeoutException or IOException and not DnsException)
            {
                if (i == addresses.Count - 1)
                    throw Translate(exception, endpoint, tls is not null);
            }
        }
    }

    /// <summary>Its addresses.</summary>
    /// <exception cref="DnsException">Its name could not be resolved.</exception>
    internal async ValueTask<IReadOnlyList<IpAddress>> FindAsync(CancellationToken cancellation)
    {
        if (address.Addresses.Count > 0)
            return address.Addresses;
        try
        {
            return (await options.Bootstrap.ResolveAsync(address.Host, cancellation)).Addresses;
        }
        catch (IOException exception)
        {
            throw new DnsException(DnsFault.Network, $"{address.Text} cannot be found: {exception.Message}", exception);
        }
        finally
        {
            await ReactorSwitch.To(reactor);
        }
    }

    private DnsException Translate(Exception exception, Endpoint endpoint, bool isTls)
    {
        if (exception is TimeoutException)
            return new DnsException(DnsFault.Timeout, $"{address.Text}: {endpoint} did not take a connection within {options.Timeout.TotalSeconds} s", exception);
        var fault = isTls && exception.Message.Contains("certificate", StringComparison.Ordinal) ? DnsFault.Untrusted : DnsFault.Network;
        return new DnsException(fault, $"{address.Text}: {exception.Message}", exception);
    }
}

namespace Gatehouse.Net.Transports;

/// <summary>Who is told when a <see cref="UdpSocket"/> is worth trying again, on its reactor, by edges as with <see cref="ITransportEvents"/>.</summary>
public interface IUdpEvents
{
    /// <summary>Datagrams or an error can be received.</summary>
    void OnReadable();

    /// <summary>A send that had to wait can be tried again.</summary>
    void OnWritable()
    {
    }
}

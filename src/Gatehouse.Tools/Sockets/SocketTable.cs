using System.Globalization;
using System.Text;
using System.Text.Json;
using Gatehouse.Net.Diagnostics;

namespace Gatehouse.Tools.Sockets;

/// <summary>The sockets of this machine with the processes that have them: what netstat -tunap, ss and lsof -i tell.</summary>
public sealed class SocketTable
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, NewLine = "\n" };

    private readonly List<KernelSocket> _sockets;
    private readonly Dictionary<uint, List<SocketOwner>> _owners;

    /// <summary>Asks the kernel.</summary>
    /// <param name="filter">Which sockets.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The kernel does not say.</exception>
    public SocketTable(SocketFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        _sockets = [.. KernelSockets.List(filter.Tcp, filter.Udp).Where(filter.Takes).OrderBy(socket => !socket.IsTcp).ThenBy(socket => socket.State != SocketState.Listen).ThenBy(socket => socket.Local.Port)];
        _owners = SocketOwners.Find();
    }

    /// <summary>The sockets, listeners first, then by port.</summary>
    public IReadOnlyList<KernelSocket> Sockets => _sockets;

    /// <summary>Who has a socket; nobody when it is closed on this side, or another user's.</summary>
    public IReadOnlyList<SocketOwner> OwnersOf(KernelSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return _owners.GetValueOrDefault(socket.Inode) ?? [];
    }

    /// <summary>A table for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{"proto",-6}{"state",-13}{"recv-q",7} {"send-q",7}  {"local",-28} {"peer",-28} {"rtt",9} {"retr",5}  process\n");
        foreach (var socket in _sockets)
        {
            var process = string.Join(", ", OwnersOf(socket).Select(owner => $"{Printable(owner.Name)}[{owner.Id}]"));
            var roundTrip = socket.RoundTrip == default ? "" : socket.RoundTrip.TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture) + " ms";
            var retransmits = socket.Retransmits == 0 ? "" : socket.Retransmits.ToString(CultureInfo.InvariantCulture);
            var line = string.Create(CultureInfo.InvariantCulture, $"{(socket.IsTcp ? "tcp" : "udp"),-6}{StateName(socket),-13}{socket.ReceiveQueue,7} {socket.SendQueue,7}  {socket.Local,-28} {PeerName(socket),-28} {roundTrip,9} {retransmits,5}  {process}");
            text.Append(line.TrimEnd()).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>As JSON.</summary>
    public string ToJson()
    {
        var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, Readable))
        {
            writer.WriteStartArray();
            foreach (var socket in _sockets)
            {
                writer.WriteStartObject();
                writer.WriteString("protocol", socket.IsTcp ? "tcp" : "udp");
                writer.WriteString("state", StateName(socket));
                writer.WriteString("local", socket.Local.ToString());
                writer.WriteString("peer", PeerName(socket));
                writer.WriteNumber("receive_queue", socket.ReceiveQueue);
                writer.WriteNumber("send_queue", socket.SendQueue);
                writer.WriteNumber("rtt_us", (long)socket.RoundTrip.TotalMicroseconds);
                writer.WriteNumber("retransmits", socket.Retransmits);
                writer.WriteNumber("uid", socket.UserId);
                writer.WriteStartArray("processes");
                foreach (var owner in OwnersOf(socket))
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("pid", owner.Id);
                    writer.WriteString("name", owner.Name);
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        return Encoding.UTF8.GetString(output.ToArray()) + "\n";
    }

    // UDP has no states; a socket without a peer receives from anybody.
    private static string StateName(KernelSocket socket) => socket.IsTcp || socket.State == SocketState.Established ? socket.State.ToString().ToLowerInvariant() : "open";

    private static string PeerName(KernelSocket socket) => socket.Remote.Port == 0 ? "*" : socket.Remote.ToString();

    // A process may call itself anything; it must not steer the terminal.
    private static string Printable(string name) => string.Concat(name.Select(c => char.IsControl(c) ? '?' : c));
}

/// <summary>Which sockets are wanted.</summary>
/// <param name="Tcp">Those of TCP.</param>
/// <param name="Udp">Those of UDP.</param>
/// <param name="ListeningOnly">Listeners, and UDP sockets without a peer, alone.</param>
/// <param name="Port">Those with this port at either end; null for all.</param>
public sealed record SocketFilter(bool Tcp, bool Udp, bool ListeningOnly, ushort? Port)
{
    internal bool Takes(KernelSocket socket) =>
        (!ListeningOnly || (socket.IsTcp ? socket.State == SocketState.Listen : socket.Remote.Port == 0)) &&
        (Port is null || socket.Local.Port == Port || socket.Remote.Port == Port);
}

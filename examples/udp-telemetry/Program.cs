// Telemetry over UDP: many small sensors send readings and wait for nothing; a collector takes what arrives. A reading that is lost does not matter, the next
// one comes soon, and no sensor ever waits for a slow collector.
//   dotnet run --project examples/udp-telemetry -- collect [ADDRESS:PORT] [READINGS]
//   dotnet run --project examples/udp-telemetry -- send SENSOR [ADDRESS:PORT] [READINGS]
using System.Globalization;
using System.Text;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

return args switch
{
    ["collect", ..] => await CollectAsync(Address(1, "127.0.0.1:9001"), Count(2)),
    ["send", var sensor, ..] => await SendAsync(sensor, Address(2, "127.0.0.1:9001"), Count(3)),
    _ => Usage(),
};

async Task<int> CollectAsync(Endpoint endpoint, int readings)
{
    using var socket = UdpSocket.Bind(ReactorGroup.Shared.Pick(), endpoint, new UdpOptions { ReceiveBuffer = 1 << 20 });
    Console.WriteLine($"Collecting on {socket.LocalEndpoint}");
    var last = new Dictionary<string, double>();
    var buffer = new byte[1500];
    for (var received = 0; received < readings; received++)
    {
        var datagram = await socket.ReceiveAsync(buffer);
        // Anyone can send anything here: what is no reading is dropped.
        var fields = Encoding.UTF8.GetString(buffer, 0, datagram.Count).Split(' ');
        if (fields.Length != 2 || !double.TryParse(fields[1], CultureInfo.InvariantCulture, out var value))
            continue;
        last[fields[0]] = value;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fields[0]} from {datagram.Peer.Address}: {value:0.0} ({last.Count} sensors)"));
    }
    return 0;
}

async Task<int> SendAsync(string sensor, Endpoint collector, int readings)
{
    using var socket = UdpSocket.Bind(ReactorGroup.Shared.Pick(), Endpoint.Parse(collector.Address.IsV6 ? "[::]:0" : "0.0.0.0:0"));
    for (var i = 0; i < readings; i++)
    {
        // "Fire and forget": sending succeeds whether or not anyone listens.
        var reading = 20 + (5 * Math.Sin(i / 10.0));
        await socket.SendAsync(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{sensor} {reading:0.00}")), collector);
        await Task.Delay(50);
    }
    return 0;
}

Endpoint Address(int at, string otherwise) => Endpoint.Parse(args.Length > at ? args[at] : otherwise);

int Count(int at) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : int.MaxValue;

static int Usage()
{
    Console.Error.WriteLine("usage: collect [ADDRESS:PORT] [READINGS] | send SENSOR [ADDRESS:PORT] [READINGS]");
    return 2;
}

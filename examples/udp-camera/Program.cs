// A monitoring camera over UDP: frames larger than a datagram go out in numbered pieces, and the viewer counts what was lost and what came in the wrong
// order. A frame that is late is worth nothing, so nothing is sent twice; TCP would stop the whole picture for one lost piece.
//   dotnet run --project examples/udp-camera -- view [ADDRESS:PORT]
//   dotnet run --project examples/udp-camera -- film [ADDRESS:PORT] [FRAMES]
using System.Buffers.Binary;
using System.Globalization;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

const int HeadBytes = 8;          // sequence number, frame number; all ones as the sequence number ends the stream
const int PieceBytes = 1200;      // fits an Ethernet frame with room for tunnels
const int PiecesPerFrame = 20;
const uint End = uint.MaxValue;

var endpoint = Endpoint.Parse(args.Length > 1 ? args[1] : "127.0.0.1:9002");
switch (args)
{
    case ["view", ..]:
        await ViewAsync();
        return 0;
    case ["film", ..]:
        await FilmAsync(args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 250);
        return 0;
    default:
        Console.Error.WriteLine("usage: view [ADDRESS:PORT] | film [ADDRESS:PORT] [FRAMES]");
        return 2;
}

async Task FilmAsync(int frames)
{
    // Bound and not connected: a connected socket would be told that nobody listens, and a camera does not care.
    using var socket = UdpSocket.Bind(ReactorGroup.Shared.Pick(), Endpoint.Parse(endpoint.Address.IsV6 ? "[::]:0" : "0.0.0.0:0"));
    var piece = new byte[HeadBytes + PieceBytes];
    var sequence = 0u;
    for (var frame = 0u; frame < frames; frame++)
    {
        for (var i = 0; i < PiecesPerFrame; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(piece, sequence++);
            BinaryPrimitives.WriteUInt32BigEndian(piece.AsSpan(4), frame);
            await socket.SendAsync(piece, endpoint);
        }
        await Task.Delay(4);
    }
    // Several times, because each may be lost like any other.
    BinaryPrimitives.WriteUInt32BigEndian(piece, End);
    for (var i = 0; i < 5; i++)
    {
        await Task.Delay(20);
        await socket.SendAsync(piece.AsMemory(0, HeadBytes), endpoint);
    }
}

async Task ViewAsync()
{
    using var socket = UdpSocket.Bind(ReactorGroup.Shared.Pick(), endpoint, new UdpOptions { ReceiveBuffer = 4 << 20 });
    Console.WriteLine($"Watching on {socket.LocalEndpoint}");
    var buffer = new byte[2048];
    var next = 0u;
    long received = 0, lost = 0, reordered = 0;
    while (true)
    {
        var datagram = await socket.ReceiveAsync(buffer);
        var sequence = datagram.Count >= HeadBytes ? BinaryPrimitives.ReadUInt32BigEndian(buffer) : 0;
        if (sequence == End)
            break;
        if (datagram.Count < HeadBytes)
            continue;
        received++;
        if (sequence < next)
        {
            // It was counted as lost when a later one came first.
            reordered++;
            lost--;
            continue;
        }
        lost += sequence - next;
        next = sequence + 1;
    }
    Console.WriteLine($"{received} pieces received, {lost} lost, {reordered} out of order");
}

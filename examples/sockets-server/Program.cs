// A server in a page: greets each client by its address, then sends back whatever the client says.
//   dotnet run --project examples/sockets-server [ADDRESS:PORT]
using System.Text;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

var endpoint = Endpoint.Parse(args.Length > 0 ? args[0] : "0.0.0.0:9000");

// One function for each connection. It runs on a reactor, beside thousands of others on the same thread: it awaits and never blocks. Reads and writes have a
// time-out (a minute unless set), so that a client which says nothing does not stay for ever: "default is NO TIMEOUT" is the trap of plain sockets.
using var server = NetServer.Start(endpoint, async connection =>
{
    Console.WriteLine($"Received connection from {connection.RemoteEndpoint}");
    await connection.WriteAsync(Encoding.UTF8.GetBytes($"Hello {connection.RemoteEndpoint}\n"));
    var buffer = new byte[4096];
    int count;
    while ((count = await connection.ReadAsync(buffer)) > 0)
        await connection.WriteAsync(buffer.AsMemory(0, count));
});
Console.WriteLine($"Listening on {server.Endpoint}; Ctrl+C ends.");

var ended = new TaskCompletionSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    ended.TrySetResult();
};
await ended.Task;

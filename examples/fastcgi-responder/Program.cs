// A C# program behind nginx: the same handler that Gatehouse serves by itself, over FastCGI.
//   dotnet run --project examples/fastcgi-responder [ADDRESS:PORT or unix:PATH]
// and in nginx: location / { include fastcgi_params; fastcgi_pass 127.0.0.1:9000; }
using System.Text;
using Gatehouse.Gateways.FastCgi.Responder;
using Gatehouse.Http;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Headers;

using var server = FastCgiServer.Start(Endpoint.Parse(args.Length > 0 ? args[0] : "127.0.0.1:9000"), new Welcome());
Console.WriteLine($"Answering FastCGI on {server.Endpoint}; Ctrl+C ends.");

var ended = new TaskCompletionSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    ended.TrySetResult();
};
await ended.Task;

// Answers every request: what it asked for, and what came with it.
internal sealed class Welcome : IHandler
{
    public async ValueTask HandleAsync(Exchange exchange)
    {
        var body = new MemoryStream();
        var buffer = new byte[4096];
        int count;
        while ((count = await exchange.ReadAsync(buffer)) > 0)
            body.Write(buffer, 0, count);
        exchange.Response.Headers.Add(KnownHeader.ContentType, "text/plain; charset=utf-8"u8);
        var request = exchange.Request;
        await exchange.SendAsync(Encoding.UTF8.GetBytes(
            $"Welcome to the machine\n{Encoding.UTF8.GetString(request.MethodName)} {Encoding.UTF8.GetString(request.Path)} from {request.Client.Address}\n{body.Length} bytes came along\n"));
    }
}

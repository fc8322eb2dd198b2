using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gatehouse.Tools.Tests.Support;

/// <summary>A server that reads the head of a request and answers with exactly the bytes it is told, then ends, breaks or keeps silent.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<int, string, (byte[] Bytes, End End)> _script;
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _stop = new();
    private int _connections;

    public ScriptedServer(Func<int, string, (byte[] Bytes, End End)> script, X509Certificate2? certificate = null)
    {
        _script = script;
        _certificate = certificate;
        _listener.Start();
        _ = AcceptAsync();
    }

    public ScriptedServer(string answer, End end = End.Close)
        : this((_, _) => (Encoding.Latin1.GetBytes(answer), end))
    {
    }

    internal enum End
    {
        Close,
        Reset,
        Silence,
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{Port}/";

    public List<string> Requests { get; } = [];

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using var owner = socket;
            Stream stream = new NetworkStream(socket);
            if (_certificate is not null)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(_certificate);
                stream = tls;
            }
            var head = new StringBuilder();
            var buffer = new byte[64 * 1024];
            while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                var count = await stream.ReadAsync(buffer, _stop.Token);
                if (count == 0)
                    return;
                head.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
            lock (Requests)
                Requests.Add(head.ToString());
            var (bytes, end) = _script(Interlocked.Increment(ref _connections), head.ToString());
            await stream.WriteAsync(bytes, _stop.Token);
            if (end == End.Silence)
                await Task.Delay(Timeout.Infinite, _stop.Token);
            if (end == End.Reset)
            {
                // What was sent must arrive before the reset, which would overtake it.
                await Task.Delay(50, _stop.Token);
                socket.LingerState = new LingerOption(true, 0);
            }
            else
            {
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, as some tests want it to.
        }
    }
}

using System.Net.Sockets;
using System.Text;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Host.Control;

/// <summary>Speaks to a running server over its control socket: one request, one answer, on the calling thread.</summary>
public static class ControlClient
{
    // A reload reads files and binds sockets; nothing else takes long.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Sends a command.</summary>
    /// <param name="socketPath">The control socket.</param>
    /// <param name="method">GET or POST.</param>
    /// <param name="path">/status, /reload or /stop.</param>
    /// <returns>The status code and the text of the answer.</returns>
    /// <exception cref="IOException">No server listens there, or it does not answer as one.</exception>
    public static (int Status, string Text) Send(string socketPath, string method, string path)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.ReceiveTimeout = socket.SendTimeout = (int)Limit.TotalMilliseconds;
            socket.Connect(new UnixDomainSocketEndPoint(socketPath));
            socket.Send(Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: gatehouse\r\nConnection: close\r\n\r\n"));
            using var received = new MemoryStream();
            var buffer = new byte[16 * 1024];
            int count;
            while ((count = socket.Receive(buffer)) > 0)
                received.Write(buffer, 0, count);
            return Read(received.ToArray());
        }
        catch (SocketException exception)
        {
            throw new IOException($"no server answers at {socketPath}: {exception.Message}", exception);
        }
    }

    private static (int Status, string Text) Read(byte[] answer)
    {
        var parser = new Http1ResponseParser(Http1Limits.Default);
        parser.Reset(Method.Get);
        return parser.Parse(answer, 0, answer.Length, out var headEnd) == ParseStatus.Done
            ? (parser.Status, Encoding.UTF8.GetString(answer.AsSpan(headEnd)))
            : throw new IOException("the control socket does not answer as a Gatehouse server");
    }
}

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Names;

/// <summary>A name server that was started and has answered once.</summary>
internal sealed class NameServer(NameServerProgram program, NameSetup setup, Child child) : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    public NameServerProgram Program => program;

    public NameSetup Setup => setup;

    public int Pid => child.Pid;

    public static async Task<NameServer> StartAsync(Session session, NameServerProgram program, int upstream, int names)
    {
        var folder = session.Workspace.NewServer(program.Name).Folder;
        var (certificate, key) = WriteCertificate(folder);
        var setup = new NameSetup(folder, Ports.Free(), Ports.Free(), Ports.Free(), certificate, key, upstream, names);
        var child = Child.Start(program.Configure(setup), session.Cores.ServerOnly);
        try
        {
            await WaitAsync(setup.Port, child, session.Stop);
            return new NameServer(program, setup, child);
        }
        catch (RowFailedException exception)
        {
            await child.DisposeAsync();
            throw new RowFailedException($"{program.Name}: {exception.Message}");
        }
    }

    /// <summary>Waits until a server at a port answers.</summary>
    public static async Task WaitAsync(int port, Child child, CancellationToken stop)
    {
        byte[] query = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, (byte)'w', 5, .. "bench"u8, 7, .. "example"u8, 0, 0, 1, 0, 1];
        var until = DateTime.UtcNow + StartBound;
        using var socket = new UdpClient();
        socket.Client.ReceiveTimeout = 500;
        while (DateTime.UtcNow < until && !child.HasExited)
        {
            try
            {
                await socket.SendAsync(query, new IPEndPoint(IPAddress.Loopback, port), stop);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
                limit.CancelAfter(500);
                var answer = (await socket.ReceiveAsync(limit.Token)).Buffer;
                if (answer.Length > query.Length && (answer[3] & 0xF) == 0 && answer[7] == 1)
                    return;
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException && !stop.IsCancellationRequested)
            {
                await Task.Delay(50, stop);
            }
        }

        throw new RowFailedException($"did not answer on port {port}: {(await child.OutputAsync()).Trim()}");
    }

    public ValueTask DisposeAsync() => child.DisposeAsync();

    private static (string Certificate, string Key) WriteCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        var (chain, secret) = (Path.Combine(folder, "server.pem"), Path.Combine(folder, "server.key"));
        File.WriteAllText(chain, certificate.ExportCertificatePem());
        File.WriteAllText(secret, key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return (chain, secret);
    }
}

// The steps of TLS, one by one, around a plain socket that is not HTTP: an authority, a certificate, the check of the name, the session key, and a chat.
//   dotnet run --project examples/tls-steps
using System.Text;
using Gatehouse.Net.Tls;
using Gatehouse.Net.Transports;
using Gatehouse.Pki.Authority;
using Gatehouse.Pki.Names;
using Gatehouse.Protocols.Addresses;

var state = Directory.CreateTempSubdirectory("tls-steps-");
try
{
    // 1. A certificate authority is a key and a certificate that it has signed itself. Whoever trusts that certificate trusts what the key signs.
    using var authority = LocalAuthority.Create(state.FullName);
    Console.WriteLine($"1. authority:   {authority.Root.Subject}");

    // 2. The server has a key of its own. The authority signs its public half together with the name: that is the server's certificate.
    var issued = authority.Issue([CertificateName.Parse("chat.test")]);
    Console.WriteLine($"2. certificate: for {string.Join(", ", issued.Names)}, signed by {issued.Leaf.Issuer}");

    // 3. TLS goes around any socket. This server speaks no HTTP: it greets, then sends back each line in capitals.
    var certificate = TlsCertificate.FromPem(issued.ChainPem, issued.KeyPem);
    var tls = new TlsServer(new TlsServerOptions { Sites = [new TlsSite(["chat.test"], new FixedCertificate(certificate))], Protocols = ["chat"] });
    using var server = NetServer.Start(new Endpoint(IpAddress.Parse("127.0.0.1"), 0), ChatAsync, new NetServerOptions { Tls = tls });
    Console.WriteLine("3. server:      listens, with TLS around a plain socket");

    // 4. A client has the authority's certificate already (its system brings those of the public ones). It checks that the chain leads there and that the name
    //    in the certificate's subjectAltName is the one it wanted. Another name is refused, and so is a server of an authority that it does not know.
    var trusting = new TlsClient(new TlsClientOptions { Authorities = [authority.Root.RawData], Protocols = ["chat"] });
    Console.WriteLine($"4. wrong name:  {await RefusedAsync(trusting, "bank.test")}");
    Console.WriteLine($"   no trust:    {await RefusedAsync(new TlsClient(new TlsClientOptions { Protocols = ["chat"] }), "chat.test")}");
    await using var connection = await NetClient.ConnectTlsAsync(server.Endpoint, trusting, "chat.test");
    Console.WriteLine("   right name:  chat.test is who it says");

    // 5. In the handshake both sides agreed on a key for this session alone, which never went over the wire: with it everything from here on is encrypted.
    Console.WriteLine($"5. session key: {connection.Transport.Tls!.Version}, {connection.Transport.Tls.CipherSuite}");

    // 6. From here on it is a socket like any other.
    using var reader = new StreamReader(connection, leaveOpen: true);
    Console.WriteLine($"6. server says: {await reader.ReadLineAsync()}");
    await connection.WriteAsync("hello over tls\n"u8.ToArray());
    Console.WriteLine($"   server says: {await reader.ReadLineAsync()}");

    async Task<string> RefusedAsync(TlsClient client, string name)
    {
        try
        {
            await using var refused = await NetClient.ConnectTlsAsync(server.Endpoint, client, name);
            return "was not refused, which is a fault";
        }
        catch (IOException exception)
        {
            return exception.Message;
        }
    }
}
finally
{
    state.Delete(recursive: true);
}

static async Task ChatAsync(TransportStream connection)
{
    await connection.WriteAsync(Encoding.UTF8.GetBytes($"welcome, you asked for {connection.Transport.Tls!.ServerName}\n"));
    using var reader = new StreamReader(connection, leaveOpen: true);
    while (await reader.ReadLineAsync() is { } line)
        await connection.WriteAsync(Encoding.UTF8.GetBytes(line.ToUpperInvariant() + "\n"));
}

using System.Buffers;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Http.Client;
using Gatehouse.Http.Urls;
using Gatehouse.Net.Names;
using Gatehouse.Net.Tls;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Load;

/// <summary>Where load goes, and the request that it is made of.</summary>
public static class LoadTarget
{
    /// <summary>Begins a plan for a URL: looks its host up and writes the request.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="method">The method.</param>
    /// <param name="headers">Further fields, each 'Name: value'.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="isInsecure">True to accept any certificate.</param>
    /// <param name="cancellation">Gives the look-up up.</param>
    /// <exception cref="ArgumentException">The URL, the method or a field is malformed.</exception>
    /// <exception cref="IOException">The host has no address.</exception>
    public static async Task<LoadPlan> PlanAsync(
        string url, string method, IReadOnlyList<string> headers, byte[]? body, bool isInsecure, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(headers);
        var text = url.Contains("://", StringComparison.Ordinal) ? url : $"http://{url}";
        if (!Url.TryParse(text, null, out var parsed, out var error))
            throw new ArgumentException($"'{url}' is not a URL: {error}");
        if (parsed.Scheme is not ("http" or "https"))
            throw new ArgumentException($"'{parsed.Scheme}' is not supported; expected http or https");
        // The client's own check of methods.
        _ = new ClientRequest(method, parsed);
        var host = parsed.Host!.Trim('[', ']');
        if (!IpAddress.TryParse(host, out var address))
            address = (await SystemNameResolver.Instance.ResolveAsync(host, cancellation)).Addresses[0];
        return new LoadPlan
        {
            Target = new Endpoint(address, (ushort)parsed.EffectivePort!.Value),
            Tls = parsed.Scheme == "https" ? new ClientTls(isInsecure ? new TlsClient(new TlsClientOptions { Verify = false }) : TlsClient.Default, host) : null,
            Method = Methods.Find(Encoding.ASCII.GetBytes(method)),
            Request = Write(parsed, method, headers, body),
        };
    }

    private static byte[] Write(Url url, string method, IReadOnlyList<string> headers, byte[]? body)
    {
        var fields = new HeaderList();
        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                throw new ArgumentException($"found '{header}', expected 'Name: value'");
            fields.Add(Encoding.UTF8.GetBytes(header[..colon].Trim()), Encoding.UTF8.GetBytes(header[(colon + 1)..].Trim()));
        }
        var request = new ArrayBufferWriter<byte>();
        Text($"{method} {url.PathAndQuery} HTTP/1.1\r\n");
        if (!fields.Contains(Protocols.Headers.KnownHeader.Host))
            Text($"Host: {url.Authority}\r\n");
        if (!fields.Contains(Protocols.Headers.KnownHeader.UserAgent))
            Text("User-Agent: gatehouse-bench/0.1\r\n");
        for (var i = 0; i < fields.Count; i++)
        {
            request.Write(fields[i].Name);
            Text(": ");
            request.Write(fields[i].Value);
            Text("\r\n");
        }
        if (body is not null)
        {
            if (!fields.Contains(Protocols.Headers.KnownHeader.ContentType))
                Text("Content-Type: application/x-www-form-urlencoded\r\n");
            Text($"Content-Length: {body.Length}\r\n");
        }
        Text("\r\n");
        request.Write(body);
        return request.WrittenSpan.ToArray();

        void Text(string text) => Encoding.UTF8.GetBytes(text, request);
    }
}

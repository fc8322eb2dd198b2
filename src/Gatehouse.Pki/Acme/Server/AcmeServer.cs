using System.Text;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Pki.Acme.Jose;
using Gatehouse.Pki.Authority;
using Gatehouse.Protocols;

namespace Gatehouse.Pki.Acme.Server;

/// <summary>
/// The local authority as an ACME server (RFC 8555, with RFC 8738, 8737, 9773 and profiles).
/// Whoever can prove control over a name by HTTP or TLS gets a certificate for it. A request is 1 read, 2 its signature, nonce and URL are checked (section 6),
/// 3 it is answered by the resource. Usable on every reactor; it works on the thread pool, since signatures take their time.
/// </summary>
public sealed class AcmeServer : IDisposable
{
    // A message with an RSA key of 8192 bits and a request for a hundred names has less.
    private const int MaxBody = 64 * 1024;

    private readonly AcmeServerSettings _settings;
    private readonly NonceTable _nonces = new();
    private readonly AccountTable _accounts;
    private readonly AcmeResources _resources;
    private readonly byte[] _prefix;

    /// <summary>A server.</summary>
    /// <param name="issuer">The authority.</param>
    /// <param name="state">The state folder, where accounts are kept.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="clock">The time.</param>
    public AcmeServer(LocalIssuer issuer, string state, AcmeServerSettings settings, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _accounts = new AccountTable(state);
        _resources = new AcmeResources(issuer, _accounts, settings, clock ?? TimeProvider.System);
        _prefix = Encoding.ASCII.GetBytes($"{settings.Path.TrimEnd('/')}/");
    }

    /// <summary>A handler that answers below the server's path and leaves all else to <paramref name="inner"/>.</summary>
    public IHandler Before(IHandler inner) => new Handler(this, inner);

    /// <summary>Gives up what is under way.</summary>
    public void Dispose() => _resources.Dispose();

    private async ValueTask AnswerAsync(Exchange exchange)
    {
        var request = exchange.Request;
        var root = $"{(request.IsSecure ? "https" : "http")}://{Encoding.ASCII.GetString(request.Authority)}{_settings.Path.TrimEnd('/')}";
        AcmeReply reply;
        try
        {
            reply = await ReplyAsync(exchange, root);
        }
        catch (AcmeRefusal refusal)
        {
            reply = AcmeReply.Problem(refusal);
        }
        await reply.SendAsync(exchange, _nonces.Make(), $"{root}/directory");
    }

    private async Task<AcmeReply> ReplyAsync(Exchange exchange, string root)
    {
        var path = Encoding.ASCII.GetString(exchange.Request.Path[_prefix.Length..]);
        var method = exchange.Request.Method;
        if (method is Method.Get or Method.Head)
        {
            return path switch
            {
                "directory" => AcmeResources.Directory(root),
                "new-nonce" => new AcmeReply(method == Method.Head ? 200 : 204, "", []),
                _ when path.StartsWith("renewal-info/", StringComparison.Ordinal) => _resources.RenewalInfo(path["renewal-info/".Length..]),
                _ => throw new AcmeRefusal(405, "malformed", "This resource is asked for by POST (RFC 8555 section 6.3)."),
            };
        }
        if (method != Method.Post)
            throw new AcmeRefusal(405, "malformed", "Expected GET, HEAD or POST.");
        if (!exchange.Request.Headers.TryGet(Protocols.Headers.KnownHeader.ContentType, out var type) || !Ascii.EqualsIgnoreCase(type, "application/jose+json"u8))
            throw new AcmeRefusal(415, "malformed", "Expected Content-Type application/jose+json.");
        // 1
        var body = await ReadAsync(exchange);
        await Task.Yield();
        // 2
        var message = Parse(body);
        if (message.Nonce is null || !_nonces.Use(message.Nonce))
            throw new AcmeRefusal(400, "badNonce", "The nonce is not one of this server's, or was used before.");
        if (message.Url != $"{root}/{path}")
            throw AcmeRefusal.Unauthorized($"The message is for {message.Url} and came to {root}/{path}.");
        var call = new AcmeCall(root, message, Authenticate(message, root, path));
        // 3
        return await _resources.AnswerAsync(path, call);
    }

    // The account, or null for the two resources that are used with a key alone.
    private ServerAccount? Authenticate(JwsMessage message, string root, string path)
    {
        ServerAccount? account = null;
        if (message.KeyId is { } keyId)
        {
            var prefix = $"{root}/account/";
            account = keyId.StartsWith(prefix, StringComparison.Ordinal) ? _accounts.Find(keyId[prefix.Length..]) : null;
            if (account is null)
                throw new AcmeRefusal(400, "accountDoesNotExist", $"There is no account {keyId}.");
        }
        else if (path is not ("new-account" or "revoke-cert"))
        {
            throw AcmeRefusal.Malformed("Expected the account's URL as kid (RFC 8555 section 6.2).");
        }
        try
        {
            if (!message.IsSignedBy(account?.Key ?? message.Key!))
                throw AcmeRefusal.Unauthorized("The signature is wrong.");
        }
        catch (NotSupportedException exception)
        {
            throw new AcmeRefusal(400, "badSignatureAlgorithm", $"{exception.Message}; expected ES256, ES384 or RS256.");
        }
        return account is { IsActive: false } ? throw AcmeRefusal.Unauthorized("The account is deactivated.") : account;
    }

    private static JwsMessage Parse(byte[] body)
    {
        try
        {
            return JwsMessage.Parse(body);
        }
        catch (FormatException exception)
        {
            throw AcmeRefusal.Malformed(exception.Message);
        }
    }

    private static async Task<byte[]> ReadAsync(Exchange exchange)
    {
        if (exchange.Request.ContentLength > MaxBody)
            throw new AcmeRefusal(413, "malformed", $"Expected at most {MaxBody} bytes.");
        var buffer = new byte[4096];
        using var collected = new MemoryStream();
        int count;
        while ((count = await exchange.ReadAsync(buffer)) > 0)
        {
            if (collected.Length + count > MaxBody)
                throw new AcmeRefusal(413, "malformed", $"Expected at most {MaxBody} bytes.");
            collected.Write(buffer, 0, count);
        }
        return collected.ToArray();
    }

    private sealed class Handler(AcmeServer server, IHandler inner) : IHandler
    {
        public ValueTask HandleAsync(Exchange exchange) =>
            exchange.Request.Path.StartsWith(server._prefix) ? server.AnswerAsync(exchange) : inner.HandleAsync(exchange);
    }
}

/// <summary>A request whose signature is right.</summary>
/// <param name="Root">The URL that resources begin with.</param>
/// <param name="Message">The message.</param>
/// <param name="Account">Who sent it; null when a key alone signed it.</param>
internal sealed record AcmeCall(string Root, JwsMessage Message, ServerAccount? Account)
{
    /// <summary>True for POST-as-GET (RFC 8555 section 6.3).</summary>
    public bool IsRead => Message.Payload.Length == 0;

    /// <summary>Reads the payload, a JSON object.</summary>
    /// <exception cref="AcmeRefusal">It is none, or lacks what is read.</exception>
    public T Read<T>(Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(Message.Payload, new JsonDocumentOptions { MaxDepth = 16 });
            return json.RootElement.ValueKind == JsonValueKind.Object ? read(json.RootElement) : throw AcmeRefusal.Malformed("Expected a JSON object.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw AcmeRefusal.Malformed($"The payload is not what this resource expects: {exception.Message}");
        }
    }
}

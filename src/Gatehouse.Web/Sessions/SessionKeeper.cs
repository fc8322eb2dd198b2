using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Http.Cookies;
using Gatehouse.Protocols.Headers;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web;

/// <summary>Loads and keeps sessions: in the cookie itself, or in a store with the identifier in the cookie. Either way what the cookie holds is signed and encrypted.</summary>
internal sealed class SessionKeeper
{
    private const int IdBytes = 32;
    // Name and value have 4,096 bytes together (RFC 6265bis section 5.6).
    private const int MaxCookie = 4000;

    private const string SecurePrefix = "__Host-";

    private readonly SessionOptions _options;
    private readonly IDataProtector _protector;
    private readonly IDistributedCache? _store;
    private readonly byte[] _plainName;
    private readonly byte[] _secureName;

    public SessionKeeper(App app)
    {
        _options = app.Sessions;
        var provider = app.Provider.GetService<IDataProtectionProvider>() ?? SessionKeys.Open(app);
        _protector = provider.CreateProtector("Gatehouse.Web.Session.v1");
        _store = _options.IsServerSide ? app.Provider.GetService<IDistributedCache>() ?? new BoundedMemoryCache() : null;
        _plainName = Encoding.ASCII.GetBytes(_options.Cookie);
        _secureName = Encoding.ASCII.GetBytes(SecurePrefix + _options.Cookie);
    }

    /// <summary>True when the request brings a cookie that may be a session.</summary>
    public bool IsBrought(Call call) => new RequestCookies(call.Request.Headers).TryGet(call.Request.IsSecure ? _secureName : _plainName, out _);

    /// <summary>The session of a request; a new one when it brings none that holds.</summary>
    public ValueTask<Session> LoadAsync(Call call)
    {
        if (!new RequestCookies(call.Request.Headers).TryGet(call.Request.IsSecure ? _secureName : _plainName, out var cookie) || Unprotect(cookie) is not { } content)
            return new ValueTask<Session>(new Session(this, null, null, null));
        if (_store is null)
            return new ValueTask<Session>(Read(content, null));
        return LoadStoredAsync(Encoding.ASCII.GetString(content));
    }

    /// <summary>Keeps a session that has changed: in the store, or sealed for the cookie.</summary>
    /// <exception cref="InvalidOperationException">No cookie can hold it.</exception>
    public async ValueTask CommitAsync(Session session, CancellationToken cancellation)
    {
        if (!session.IsChanged)
            return;
        if (_store is null)
        {
            session.Sealed = Seal(session);
            return;
        }
        if (session.FormerId is { } former)
            await _store.RemoveAsync(KeyOf(former), cancellation);
        session.FormerId = null;
        if (session.IsEmpty)
        {
            if (session.Id is { } empty)
                await _store.RemoveAsync(KeyOf(empty), cancellation);
            return;
        }
        session.Id ??= NewId();
        await _store.SetAsync(KeyOf(session.Id), Write(session), new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = _options.Lifetime }, cancellation);
    }

    /// <summary>Adds the cookie to an answer, if the session has changed or is half through its life.</summary>
    public void AddCookie(Call call, Session session)
    {
        var isDue = session.Expires is { } expires && expires - DateTimeOffset.UtcNow < _options.Lifetime / 2 && !session.IsEmpty && _store is null;
        if (!session.IsChanged && !isDue)
            return;
        var isSecure = call.Request.IsSecure;
        var cookie = new SetCookie(isSecure ? SecurePrefix + _options.Cookie : _options.Cookie, "")
        {
            Path = "/",
            HttpOnly = true,
            Secure = isSecure,
            SameSite = _options.SameSite,
            MaxAge = _options.Lifetime,
        };
        if (session.IsEmpty)
        {
            if (!session.IsNew)
                cookie.AsRemoval().AddTo(call.Response.Headers);
            return;
        }
        (cookie with { Value = session.Sealed ?? Seal(session) }).AddTo(call.Response.Headers);
        // A page with one client's session is nobody else's.
        if (!call.Response.Headers.Contains(KnownHeader.CacheControl))
            call.Response.Headers.Add(KnownHeader.CacheControl, "no-store"u8);
    }

    private string Seal(Session session)
    {
        if (_store is not null)
            session.Id ??= NewId();
        var value = Base64Url.EncodeToString(_protector.Protect(_store is null ? Write(session) : Encoding.ASCII.GetBytes(session.Id!)));
        return value.Length <= MaxCookie
            ? value
            : throw new InvalidOperationException($"The session has {value.Length} bytes, which no cookie can hold; keep less in it, or set Sessions.IsServerSide.");
    }

    private async ValueTask<Session> LoadStoredAsync(string id)
    {
        // An identifier that the store does not know is not taken over: whoever planted it would share what comes.
        var content = await _store!.GetAsync(KeyOf(id));
        return content is null ? new Session(this, null, null, null) : Read(content, id);
    }

    private byte[]? Unprotect(ReadOnlySpan<byte> cookie)
    {
        try
        {
            return Base64Url.IsValid(cookie) ? _protector.Unprotect(Base64Url.DecodeFromUtf8(cookie)) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private Session Read(byte[] content, string? id)
    {
        try
        {
            var stored = JsonSerializer.Deserialize<Stored>(content);
            if (stored is not null && stored.Expires > DateTimeOffset.UtcNow)
                return new Session(this, id, stored.Values, stored.Expires);
        }
        catch (JsonException)
        {
            // What another version of the application kept.
        }
        return new Session(this, null, null, null);
    }

    private byte[] Write(Session session) =>
        JsonSerializer.SerializeToUtf8Bytes(new Stored(DateTimeOffset.UtcNow + _options.Lifetime, new Dictionary<string, string>(session.Values)));

    private static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));

    // Who reads the store does not learn identifiers.
    private static string KeyOf(string id) => "session:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(id)));

    private sealed record Stored(DateTimeOffset Expires, Dictionary<string, string> Values);
}

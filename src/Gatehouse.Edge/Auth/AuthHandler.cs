using System.Runtime.CompilerServices;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Http.Tasks;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Auth;

/// <summary>
/// Lets in who knows the password of a user, and answers 401 to the others (RFC 9110 section 11.6.1). A hash that is slow by design is checked on threads of
/// its own, and what was right is remembered for a minute.
/// </summary>
internal sealed class AuthHandler : IHandler
{
    private readonly IHandler _inner;
    private readonly AccountTable _accounts;
    private readonly byte[] _challenge;
    private readonly byte[]? _header;
    private readonly bool _strips;

    public AuthHandler(AuthConfig config, AccountTable accounts, IHandler inner)
    {
        _inner = inner;
        _accounts = accounts;
        _strips = config.Strip;
        _header = config.Header is null ? null : Encoding.ASCII.GetBytes(config.Header);
        var realm = config.Basic.Realm.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        // charset is "UTF-8" and nothing else (RFC 7617 section 2.1).
        _challenge = Encoding.UTF8.GetBytes($"Basic realm=\"{realm}\", charset=\"UTF-8\"");
    }

    public ValueTask HandleAsync(Exchange exchange)
    {
        Span<byte> room = stackalloc byte[BasicCredentials.MaxBytes];
        if (_accounts.Decoy is not { } decoy || !BasicCredentials.TryRead(exchange.Request.Headers, room, out var user, out var password))
            return Challenge(exchange, failure: null);
        var account = _accounts.Find(user);
        var hash = account?.Hash ?? decoy;
        if (!hash.IsSlow)
            return hash.Verify(password) && account is not null ? Accept(exchange, account) : Challenge(exchange, WrongPassword);
        var key = new byte[VerifiedCredentials.KeyLength];
        VerifiedCredentials.Shared.WriteKey(hash, password, key);
        if (account is not null && VerifiedCredentials.Shared.Contains(key, Environment.TickCount64))
            return Accept(exchange, account);
        return CheckAsync(exchange, account, hash, password.ToArray(), key);
    }

    private const string WrongPassword = "the user or the password is wrong (auth)";

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private async ValueTask CheckAsync(Exchange exchange, Account? account, PasswordHash hash, byte[] password, byte[] key)
    {
        if (!PasswordCheck.TryStart(hash, password, out var check))
        {
            exchange.Notes.Failure = "too many passwords wait to be checked (auth)";
            exchange.Response.Status = 503;
            exchange.Response.Headers.Add(KnownHeader.RetryAfter, 1);
            return;
        }
        if (!await check || account is null)
        {
            await Challenge(exchange, WrongPassword);
            return;
        }
        VerifiedCredentials.Shared.Add(key, Environment.TickCount64);
        await Accept(exchange, account);
    }

    private ValueTask Accept(Exchange exchange, Account account)
    {
        exchange.Notes.User = account.Name;
        if (_header is not null)
            exchange.Request.EditHeaders().Set(_header, Encoding.UTF8.GetBytes(account.Name));
        if (_strips)
            exchange.Request.EditHeaders().Remove("Authorization"u8);
        return _inner.HandleAsync(exchange);
    }

    private ValueTask Challenge(Exchange exchange, string? failure)
    {
        exchange.Notes.Failure = failure;
        exchange.Response.Status = 401;
        exchange.Response.Headers.Set(KnownHeader.WwwAuthenticate, _challenge);
        return default;
    }
}

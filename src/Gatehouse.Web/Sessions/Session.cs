using System.Security.Cryptography;
using System.Text.Json;

namespace Gatehouse.Web;

/// <summary>
/// What is kept of one client from request to request: short texts, and whatever JSON can hold. A change travels with the answer; reading costs nothing. It is
/// the request's own: two requests at a time of one client each have theirs, and the last to end wins.
/// </summary>
public sealed class Session
{
    private const string UserKey = "user";
    private const string RolesKey = "roles";
    private const string CsrfKey = "csrf";
    private const string FlashKey = "flash";

    private readonly SessionKeeper _keeper;
    private Dictionary<string, string> _values;

    internal Session(SessionKeeper keeper, string? id, Dictionary<string, string>? values, DateTimeOffset? expires)
    {
        _keeper = keeper;
        Id = id;
        Expires = expires;
        _values = values ?? [];
        IsNew = values is null;
    }

    /// <summary>True when the client brought none, or one that has ended.</summary>
    public bool IsNew { get; }

    /// <summary>The user who signed in; null when nobody has.</summary>
    public string? User => this[UserKey];

    /// <summary>True when someone has signed in.</summary>
    public bool IsSignedIn => User is not null;

    /// <summary>The roles of the user who signed in.</summary>
    public IReadOnlyList<string> Roles => Get<string[]>(RolesKey) ?? [];

    /// <summary>True when messages wait to be shown.</summary>
    public bool HasFlashes => _values.ContainsKey(FlashKey);

    /// <summary>The identifier in the store; null without a store, or before it is first kept.</summary>
    internal string? Id { get; set; }

    /// <summary>The identifier that the session had before it was rotated: to be forgotten.</summary>
    internal string? FormerId { get; set; }

    /// <summary>The cookie's value, once the handler is done.</summary>
    internal string? Sealed { get; set; }

    internal DateTimeOffset? Expires { get; }

    internal bool IsChanged { get; private set; }

    internal bool IsEmpty => _values.Count == 0;

    internal IReadOnlyDictionary<string, string> Values => _values;

    internal SessionKeeper Keeper => _keeper;

    /// <summary>A text that is kept; null when there is none, and null removes it.</summary>
    public string? this[string key]
    {
        get => _values.GetValueOrDefault(key);
        set
        {
            if (value is null)
                IsChanged |= _values.Remove(key);
            else if (!_values.TryGetValue(key, out var before) || before != value)
                (_values[key], IsChanged) = (value, true);
        }
    }

    /// <summary>A value that is kept as JSON; default when there is none.</summary>
    public T? Get<T>(string key) => this[key] is { } json ? JsonSerializer.Deserialize<T>(json) : default;

    /// <summary>Keeps a value as JSON.</summary>
    public void Set<T>(string key, T value) => this[key] = JsonSerializer.Serialize(value);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        IsChanged |= _values.Count > 0 || Id is not null;
        _values = [];
    }

    /// <summary>
    /// Gives the session another identifier and another CSRF token: what someone knew, or planted, before is worth nothing from now on. Signing in and out do it.
    /// </summary>
    public void Rotate()
    {
        FormerId ??= Id;
        Id = null;
        _values.Remove(CsrfKey);
        IsChanged = true;
    }

    /// <summary>Notes who the client is. What the session held before stays, and its identifier is another.</summary>
    public void SignIn(string user, params string[] roles)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        Rotate();
        this[UserKey] = user;
        if (roles.Length > 0)
            Set(RolesKey, roles);
        else
            this[RolesKey] = null;
    }

    /// <summary>Forgets who the client is, and all else.</summary>
    public void SignOut()
    {
        Rotate();
        Clear();
    }

    /// <summary>Has the next page show a message.</summary>
    public void Flash(string message, string kind = "info") => Set(FlashKey, (Get<Flash[]>(FlashKey) ?? []).Append(new Flash(kind, message)).ToArray());

    /// <summary>The messages that wait, which are gone then.</summary>
    public IReadOnlyList<Flash> TakeFlashes()
    {
        var flashes = Get<Flash[]>(FlashKey) ?? [];
        this[FlashKey] = null;
        return flashes;
    }

    /// <summary>The secret that this session's CSRF tokens are made of; made when first asked for.</summary>
    internal byte[] CsrfSecret()
    {
        if (this[CsrfKey] is { } kept)
            return Convert.FromBase64String(kept);
        var secret = RandomNumberGenerator.GetBytes(Csrf.SecretBytes);
        this[CsrfKey] = Convert.ToBase64String(secret);
        return secret;
    }

    /// <summary>The secret; null when none was made.</summary>
    internal byte[]? ExistingCsrfSecret() => this[CsrfKey] is { } kept ? Convert.FromBase64String(kept) : null;
}

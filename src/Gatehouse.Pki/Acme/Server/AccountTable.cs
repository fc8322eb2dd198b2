using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.Pki.Acme.Jose;
using Gatehouse.Pki.Storage;

namespace Gatehouse.Pki.Acme.Server;

/// <summary>The accounts, each stored in a file of its own, so that clients find theirs after a restart.</summary>
internal sealed class AccountTable
{
    private const int Capacity = 10_000;

    private readonly string _folder;
    private readonly ConcurrentDictionary<string, ServerAccount> _byId = new();
    private readonly ConcurrentDictionary<string, string> _idByKey = new();
    private readonly Lock _changing = new();

    /// <summary>Reads the accounts in a state folder.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public AccountTable(string state)
    {
        _folder = Path.Combine(state, "acme-server");
        if (!Directory.Exists(_folder))
            return;
        foreach (var file in Directory.EnumerateFiles(_folder, "*.json").Take(Capacity))
        {
            if (OwnFiles.Read(file) is { } content && Parse(Path.GetFileNameWithoutExtension(file), content) is { } account)
                Put(account);
        }
    }

    public ServerAccount? Find(string id) => _byId.GetValueOrDefault(id);

    public ServerAccount? FindByKey(JsonWebKey key) => _idByKey.TryGetValue(key.Thumbprint, out var id) ? Find(id) : null;

    public ServerAccount Add(JsonWebKey key, IReadOnlyList<string> contact)
    {
        lock (_changing)
        {
            if (FindByKey(key) is { } there)
                return there;
            if (_byId.Count >= Capacity)
                throw new AcmeRefusal(429, "rateLimited", $"This server has {Capacity} accounts and takes no more.");
            return Save(new ServerAccount(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12)), key, contact, IsActive: true));
        }
    }

    public ServerAccount Change(ServerAccount account)
    {
        lock (_changing)
        {
            if (Find(account.Id) is { } old && old.Key.Thumbprint != account.Key.Thumbprint)
            {
                if (FindByKey(account.Key) is not null)
                    throw new AcmeRefusal(409, "malformed", "Another account has that key.");
                _idByKey.TryRemove(old.Key.Thumbprint, out _);
            }
            return Save(account);
        }
    }

    private ServerAccount Save(ServerAccount account)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WritePropertyName("key");
            json.WriteRawValue(account.Key.Json);
            json.WriteBoolean("active", account.IsActive);
            json.WriteStartArray("contact");
            foreach (var contact in account.Contact)
                json.WriteStringValue(contact);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        try
        {
            OwnFiles.MakeFolder(_folder);
            OwnFiles.Write(Path.Combine(_folder, $"{account.Id}.json"), stream.ToArray());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AcmeRefusal(500, "serverInternal", $"The account cannot be stored: {exception.Message}");
        }
        Put(account);
        return account;
    }

    private void Put(ServerAccount account)
    {
        _byId[account.Id] = account;
        _idByKey[account.Key.Thumbprint] = account.Id;
    }

    // A file that is damaged is an account less: its client makes a new one.
    private static ServerAccount? Parse(string id, byte[] content)
    {
        try
        {
            using var json = JsonDocument.Parse(content);
            var root = json.RootElement;
            return new ServerAccount(
                id,
                JsonWebKey.Parse(root.GetProperty("key")),
                [.. root.GetProperty("contact").EnumerateArray().Select(item => item.GetString() ?? "")],
                root.GetProperty("active").GetBoolean());
        }
        catch (Exception exception) when (exception is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}

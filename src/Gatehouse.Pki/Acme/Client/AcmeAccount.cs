using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Pki.Storage;

namespace Gatehouse.Pki.Acme.Client;

/// <summary>The key of an account and its URL, as stored: one file for each directory, readable by its owner alone.</summary>
internal sealed class AcmeAccount : IDisposable
{
    private readonly string _file;

    private AcmeAccount(string file, ECDsa key, string? url)
    {
        _file = file;
        Key = key;
        Url = url;
    }

    public ECDsa Key { get; }

    /// <summary>The account's URL; null until the server has given one.</summary>
    public string? Url { get; private set; }

    /// <summary>Reads the account for a directory, or makes a key for a new one, which is stored before anybody sees it.</summary>
    /// <exception cref="IssueException">The file is damaged or cannot be written.</exception>
    public static AcmeAccount FindOrCreate(string state, string directory)
    {
        var folder = Path.Combine(state, "acme");
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory)).AsSpan(0, 6));
        var file = Path.Combine(folder, $"{(Uri.TryCreate(directory, UriKind.Absolute, out var uri) ? uri.Host.Replace(':', '_') : "directory")}-{digest}.json");
        try
        {
            if (OwnFiles.Read(file) is { } content)
                return Parse(file, content);
            OwnFiles.MakeFolder(folder);
            var account = new AcmeAccount(file, ECDsa.Create(ECCurve.NamedCurves.nistP256), null);
            account.Save();
            return account;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IssueException($"the ACME account cannot be stored: {exception.Message}", exception);
        }
    }

    /// <summary>Stores the URL that the server has given, or that it is not known any more.</summary>
    public void Remember(string? url)
    {
        Url = url;
        Save();
    }

    public void Dispose() => Key.Dispose();

    private static AcmeAccount Parse(string file, byte[] content)
    {
        var key = ECDsa.Create();
        try
        {
            using var json = JsonDocument.Parse(content);
            key.ImportFromPem(json.RootElement.GetProperty("key").GetString());
            return new AcmeAccount(file, key, json.RootElement.TryGetProperty("url", out var url) ? url.GetString() : null);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new IssueException($"the ACME account in {file} is damaged: {exception.Message}; move it away to start with a new one", exception);
        }
    }

    private void Save()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("key", Key.ExportPkcs8PrivateKeyPem());
            if (Url is not null)
                json.WriteString("url", Url);
            json.WriteEndObject();
        }
        OwnFiles.Write(_file, stream.ToArray());
    }
}

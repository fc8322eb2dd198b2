using System.Security.Cryptography;
using Gatehouse.Net.Sodium;
using Gatehouse.Protocols.DnsCrypt;

namespace Gatehouse.Dns.Forwarder.DnsCrypt;

/// <summary>
/// The provider's long-term key and the short-term keys that it signs, kept in the state folder so that clients which know them go on after a restart. New
/// ones follow at half of their time; the old ones are good until theirs is over.
/// </summary>
internal sealed class ProviderKeys
{
    private const string SeedFile = "provider.key";
    private const string KeysFile = "short-term.keys";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder;
    private readonly TimeSpan _time;
    private readonly TimeProvider _clock;
    private readonly byte[] _signingKey = new byte[SodiumBox.SigningKeyLength];
    private ShortTermKey[] _keys = [];

    /// <summary>Reads or makes the keys in a folder.</summary>
    /// <exception cref="NotSupportedException">There is no libsodium.</exception>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    internal ProviderKeys(string folder, TimeSpan time, TimeProvider clock)
    {
        _folder = folder;
        _time = time;
        _clock = clock;
        var box = SodiumBox.Instance;
        Directory.CreateDirectory(folder, Private | UnixFileMode.UserExecute);
        var path = Path.Combine(folder, SeedFile);
        byte[] seed;
        if (File.Exists(path))
        {
            seed = File.ReadAllBytes(path);
            if (seed.Length != SodiumBox.KeyLength)
                throw new IOException($"'{path}' has {seed.Length} bytes, expected the {SodiumBox.KeyLength} of a provider's key; move it away to get a new one, and with it a new stamp");
        }
        else
        {
            seed = RandomNumberGenerator.GetBytes(SodiumBox.KeyLength);
            WritePrivate(path, seed);
        }

        box.MakeSigningKeys(seed, PublicKey, _signingKey);
        CryptographicOperations.ZeroMemory(seed);
        _keys = ReadKeys();
        Rotate();
    }

    /// <summary>The provider's public key, which stamps have.</summary>
    internal byte[] PublicKey { get; } = new byte[SodiumBox.KeyLength];

    /// <summary>The keys that are good now, the newest in front.</summary>
    internal IReadOnlyList<ShortTermKey> Current => Volatile.Read(ref _keys);

    /// <summary>Makes new keys when half the time of the newest is over, and forgets those whose time is. From one thread at a time.</summary>
    /// <returns>True when there are others than before.</returns>
    internal bool Rotate()
    {
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        var keys = _keys.Where(key => key.Certificate.IsValidAt(now)).ToList();
        var isDue = keys.Count == 0 || now >= keys.Max(key => key.Certificate.NotAfter) - (long)(_time.TotalSeconds / 2);
        if (!isDue && keys.Count == _keys.Length)
            return false;
        if (isDue)
        {
            var serial = (uint)Math.Max(now, keys.Count == 0 ? 0 : keys.Max(key => key.Certificate.Serial) + 1L);
            keys.Insert(0, Make(DnsCryptConstruction.XSalsa20Poly1305, serial, now));
            keys.Insert(0, Make(DnsCryptConstruction.XChaCha20Poly1305, serial, now));
        }

        Volatile.Write(ref _keys, [.. keys]);
        WritePrivate(Path.Combine(_folder, KeysFile), [.. keys.SelectMany(key => key.Bytes.Concat(key.Secret))]);
        return true;
    }

    private ShortTermKey Make(DnsCryptConstruction construction, uint serial, long now)
    {
        var box = SodiumBox.Instance;
        var (open, secret) = (new byte[SodiumBox.KeyLength], new byte[SodiumBox.KeyLength]);
        box.MakeKeys(open, secret);
        var certificate = new DnsCryptCertificate
        {
            Construction = construction,
            ResolverKey = open,

            // The first bytes of the key: what tells keys apart, and looks like no query in the clear.
            ClientMagic = open.AsMemory(0, DnsCryptCertificate.MagicLength),
            Serial = serial,
            NotBefore = (uint)now,
            NotAfter = (uint)(now + (long)_time.TotalSeconds),
        };
        var bytes = new byte[DnsCryptCertificate.Length];
        certificate.Write(bytes);
        Span<byte> signature = stackalloc byte[DnsCryptCertificate.SignatureLength];
        box.Sign(DnsCryptCertificate.SignedPart(bytes), _signingKey, signature);
        DnsCryptCertificate.WriteSignature(bytes, signature);
        return new ShortTermKey(certificate, bytes, secret);
    }

    private ShortTermKey[] ReadKeys()
    {
        var path = Path.Combine(_folder, KeysFile);
        if (!File.Exists(path))
            return [];
        var all = File.ReadAllBytes(path);
        const int size = DnsCryptCertificate.Length + SodiumBox.KeyLength;
        var keys = new List<ShortTermKey>();
        for (var at = 0; at + size <= all.Length; at += size)
        {
            var bytes = all[at..(at + DnsCryptCertificate.Length)];

            // Keys of another provider's key, which was moved away, are worth nothing.
            if (DnsCryptCertificate.TryParse(bytes, out var certificate, out _)
                && SodiumBox.Instance.Verify(DnsCryptCertificate.Signature(bytes), DnsCryptCertificate.SignedPart(bytes), PublicKey))
                keys.Add(new ShortTermKey(certificate, bytes, all[(at + DnsCryptCertificate.Length)..(at + size)]));
        }

        return [.. keys];
    }

    private static void WritePrivate(string path, byte[] bytes)
    {
        // Whole or not: a crash leaves the old file.
        var next = path + ".new";
        using (var file = new FileStream(next, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = Private }))
            file.Write(bytes);
        File.Move(next, path, overwrite: true);
    }
}

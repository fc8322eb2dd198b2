using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gatehouse.Pki.Names;
using Gatehouse.Pki.Storage;

namespace Gatehouse.Pki.Authority;

/// <summary>
/// A certificate authority of this machine, as mkcert has it: an ECDSA P-256 root in the state folder, readable by its owner alone, that signs leaves for
/// whatever names it is asked for. Usable from any thread.
/// </summary>
public sealed class LocalAuthority : IDisposable
{
    /// <summary>How long a root is valid.</summary>
    public static readonly TimeSpan RootLifetime = TimeSpan.FromDays(3650);

    /// <summary>How long a leaf is valid unless something else is asked for: a week, since leaves that a server keeps are renewed by it.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(7);

    private const string FolderName = "authority";
    private const string CertificateFile = "root.pem";
    private const string KeyFile = "root.key";

    private readonly ECDsa _key;
    private readonly TimeProvider _clock;
    // ECDsa makes no promise about use by several threads at once.
    private readonly Lock _signing = new();

    private LocalAuthority(string folder, X509Certificate2 root, ECDsa key, TimeProvider clock)
    {
        Folder = folder;
        Root = root;
        _key = key;
        _clock = clock;
        Constraints = NameConstraints.Of(root);
    }

    /// <summary>The folder of root and key.</summary>
    public string Folder { get; }

    /// <summary>The root certificate, without its key.</summary>
    public X509Certificate2 Root { get; }

    /// <summary>The root certificate's file, in PEM: what clients are told to trust.</summary>
    public string RootFile => Path.Combine(Folder, CertificateFile);

    /// <summary>The file of the root's private key.</summary>
    public string RootKeyFile => Path.Combine(Folder, KeyFile);

    /// <summary>What it may sign; null for any name.</summary>
    public NameConstraints? Constraints { get; }

    /// <summary>SHA-256 of the root certificate in upper-case hexadecimal digits.</summary>
    public string Fingerprint => Root.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>The authority in a state folder; null when there is none.</summary>
    /// <exception cref="CryptographicException">Its files are damaged.</exception>
    /// <exception cref="IOException">Its files cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Its files are another user's.</exception>
    public static LocalAuthority? Find(string state, TimeProvider? clock = null)
    {
        var folder = Path.Combine(state, FolderName);
        if (OwnFiles.Read(Path.Combine(folder, CertificateFile)) is not { } certificate)
            return null;
        var keyFile = Path.Combine(folder, KeyFile);
        var pem = OwnFiles.Read(keyFile) ?? throw new IOException($"{keyFile} is missing beside its certificate; without it this authority can sign nothing more");
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(Encoding.ASCII.GetString(pem));
            var root = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(certificate));
            if (!root.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
                throw new CryptographicException($"{keyFile} is not the key of {CertificateFile} beside it");
            return new LocalAuthority(folder, root, key, clock ?? TimeProvider.System);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new CryptographicException($"the local authority in {folder} is damaged: {exception.Message}", exception);
        }
    }

    /// <summary>Makes an authority in a state folder that has none.</summary>
    /// <param name="state">The state folder.</param>
    /// <param name="constraints">What it may sign; null for any name.</param>
    /// <param name="clock">The time.</param>
    /// <exception cref="IOException">There is one already, or the files cannot be written.</exception>
    public static LocalAuthority Create(string state, NameConstraints? constraints = null, TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        var folder = Path.Combine(state, FolderName);
        OwnFiles.MakeFolder(state);
        // Made aside and renamed: whoever finds the folder finds both files, and of two makers one is first.
        var draft = Path.Combine(state, $"{FolderName}.{Guid.NewGuid():N}.draft");
        OwnFiles.MakeFolder(draft);
        try
        {
            using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
            {
                using var root = CertificateTemplate.Root(key, RootName(), constraints, clock.GetUtcNow(), RootLifetime);
                OwnFiles.Write(Path.Combine(draft, KeyFile), Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
                OwnFiles.Write(Path.Combine(draft, CertificateFile), Encoding.ASCII.GetBytes(root.ExportCertificatePem() + "\n"));
            }
            Directory.Move(draft, folder);
        }
        catch
        {
            Directory.Delete(draft, recursive: true);
            throw;
        }
        return Find(state, clock)!;
    }

    /// <summary>The authority in a state folder, made when there is none.</summary>
    public static LocalAuthority FindOrCreate(string state, TimeProvider? clock = null)
    {
        if (Find(state, clock) is { } found)
            return found;
        try
        {
            return Create(state, clock: clock);
        }
        catch (IOException) when (Find(state, clock) is { } other)
        {
            // Another process was first.
            return other;
        }
    }

    /// <summary>Makes a key (ECDSA P-256) and a certificate for it.</summary>
    /// <param name="names">The names; at least one.</param>
    /// <param name="lifetime">How long it is valid; <see cref="DefaultLifetime"/> when null. It ends with the root at the latest.</param>
    /// <param name="forClients">True when clients may show it too.</param>
    /// <exception cref="IssueException">The root's constraints exclude a name, or the root has expired.</exception>
    public IssuedCertificate Issue(IReadOnlyList<CertificateName> names, TimeSpan? lifetime = null, bool forClients = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leaf = Sign(new PublicKey(key), names, lifetime, forClients);
        return IssuedCertificate.FromPem(leaf.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Makes a certificate for the key of someone else.</summary>
    /// <inheritdoc cref="Issue"/>
    public X509Certificate2 Sign(PublicKey publicKey, IReadOnlyList<CertificateName> names, TimeSpan? lifetime = null, bool forClients = false)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentOutOfRangeException.ThrowIfZero(names.Count);
        foreach (var name in names)
        {
            if (Constraints?.Permits(name) == false)
                throw new IssueException($"the local authority may sign only {Constraints}, and not {name}");
        }
        var now = _clock.GetUtcNow();
        var end = now + (lifetime ?? DefaultLifetime);
        var rootEnd = new DateTimeOffset(Root.NotAfter.ToUniversalTime());
        if (now >= rootEnd)
            throw new IssueException($"the local authority's root expired at {rootEnd:u}; remove {Folder} and make a new one with: gatehouse ca init");
        lock (_signing)
            return CertificateTemplate.Leaf(Root, _key, publicKey, names, forClients, now - CertificateTemplate.Backdating, end < rootEnd ? end : rootEnd);
    }

    /// <summary>Lets go of the key.</summary>
    public void Dispose()
    {
        _key.Dispose();
        Root.Dispose();
    }

    // A common name has at most 64 characters (RFC 5280 appendix A.1).
    private static string RootName()
    {
        var name = $"Gatehouse root of {Environment.UserName} on {Environment.MachineName}";
        return name.Length <= 64 ? name : name[..64];
    }
}

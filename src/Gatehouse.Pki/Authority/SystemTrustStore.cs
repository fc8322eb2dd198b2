using System.Diagnostics;

namespace Gatehouse.Pki.Authority;

/// <summary>
/// The certificates that programs of this system trust, as Debian keeps them: a folder that administrators add to, and update-ca-certificates, which makes the
/// bundle of it.
/// </summary>
public sealed class SystemTrustStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _folder;
    private readonly string _program;
    private readonly IReadOnlyList<string> _arguments;

    /// <summary>This system's store.</summary>
    public SystemTrustStore()
        : this("/usr/local/share/ca-certificates", "/usr/sbin/update-ca-certificates", [])
    {
    }

    /// <summary>A store elsewhere.</summary>
    internal SystemTrustStore(string folder, string program, IReadOnlyList<string> arguments)
    {
        _folder = folder;
        _program = program;
        _arguments = arguments;
    }

    /// <summary>The file that a root has in the store's folder, by its fingerprint: several roots can be there.</summary>
    public string FileOf(LocalAuthority authority)
    {
        ArgumentNullException.ThrowIfNull(authority);
        return Path.Combine(_folder, $"gatehouse-{authority.Fingerprint[..16]}.crt");
    }

    /// <summary>True when the root is in the store's folder.</summary>
    public bool Has(LocalAuthority authority)
    {
        var file = FileOf(authority);
        return File.Exists(file) && File.ReadAllText(file).Trim() == authority.Root.ExportCertificatePem().Trim();
    }

    /// <summary>Adds the root. Returns what was done, a sentence each.</summary>
    /// <exception cref="IOException">It cannot; the message says why and what to do.</exception>
    /// <exception cref="UnauthorizedAccessException">This user must not.</exception>
    public IReadOnlyList<string> Install(LocalAuthority authority)
    {
        ArgumentNullException.ThrowIfNull(authority);
        Check();
        var file = FileOf(authority);
        if (Has(authority))
            return [$"{file} was there already", Update()];
        Directory.CreateDirectory(_folder);
        File.WriteAllText(file, authority.Root.ExportCertificatePem() + "\n");
        // Every program must be able to read it, whatever the umask.
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return [$"wrote the root to {file}", Update()];
    }

    /// <summary>Takes the root out again. Returns what was done, a sentence each.</summary>
    /// <inheritdoc cref="Install"/>
    public IReadOnlyList<string> Uninstall(LocalAuthority authority)
    {
        Check();
        var file = FileOf(authority);
        if (!File.Exists(file))
            return [$"{file} is not there: the root was not installed"];
        File.Delete(file);
        // Without --fresh the links to what is gone stay behind.
        return [$"removed {file}", Update("--fresh")];
    }

    private void Check()
    {
        if (!File.Exists(_program))
            throw new IOException($"{_program} is not here (Debian: apt-get install ca-certificates); add the root to this system's trust store by hand");
    }

    private string Update(params IEnumerable<string> more)
    {
        var start = new ProcessStartInfo(_program, _arguments.Concat(more)) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start) ?? throw new IOException($"{_program} could not be started");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new IOException($"{_program} did not end within {Patience.TotalSeconds} s and was stopped");
        }
        if (process.ExitCode != 0)
            throw new IOException($"{_program} ended with {process.ExitCode}: {error.GetAwaiter().GetResult().Trim()}");
        var said = output.GetAwaiter().GetResult().Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Contains("added", StringComparison.Ordinal));
        return $"ran {string.Join(' ', more.Prepend(_program))}{(said is null ? "" : $": {said}")}";
    }
}

using Gatehouse.Bench.Load;
using Gatehouse.Bench.Processes;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench;

/// <summary>A temporary folder with the files that are served, the load tool's script, and a folder for each server that is started.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gatehouse-bench-").FullName;
    private TlsFiles? _tls;
    private int _servers;

    public Workspace()
    {
        Directory.CreateDirectory(Files);
        Directory.CreateDirectory(Applications);
        foreach (var resource in typeof(Workspace).Assembly.GetManifestResourceNames())
        {
            using var content = typeof(Workspace).Assembly.GetManifestResourceStream(resource)!;
            using var file = File.Create(resource.EndsWith(".py", StringComparison.Ordinal) ? Path.Combine(Applications, resource) : Path.Combine(_folder, resource));
            content.CopyTo(file);
        }

        // A server that gives up root must still find them.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        Directory.CreateDirectory(Path.Combine(Files, "php"));
        File.WriteAllText(Path.Combine(Files, "php", "hello.php"), "<?php header('Content-Type: text/plain'); header('Content-Length: 13'); echo 'Hello, World!';");
        Directory.CreateDirectory(CgiFolder);
        var hello = Path.Combine(CgiFolder, "hello.sh");
        File.WriteAllText(hello, "#!/bin/sh\nprintf 'Content-Type: text/plain\\nContent-Length: 13\\n\\nHello, World!'\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(hello, (UnixFileMode)0b111_101_101);
    }

    /// <summary>The root of the served files.</summary>
    public string Files => Path.Combine(_folder, "files");

    /// <summary>The folder of CGI scripts.</summary>
    public string CgiFolder => Path.Combine(_folder, "cgi-bin");

    /// <summary>The certificate of TLS rows, made when it is first asked for.</summary>
    public TlsFiles Tls => _tls ??= TlsFiles.Create(Path.Combine(_folder, "tls"));

    /// <summary>The folder of Python applications.</summary>
    public string Applications => Path.Combine(_folder, "applications");

    public string WrkScript => Path.Combine(_folder, "wrk.lua");

    /// <summary>For what a load tool writes.</summary>
    public string Scratch => _folder;

    /// <summary>GET /hello, 13 bytes.</summary>
    public static Work Hello => new("/hello", "Hello, World!"u8.ToArray());

    /// <summary>GET /up/hello, 13 bytes from the upstream.</summary>
    public static Work ProxiedHello => new("/up/hello", "Hello, World!"u8.ToArray());

    /// <summary>GET of 13 bytes from a PHP script.</summary>
    public static Work PhpHello => new("/php/hello.php", "Hello, World!"u8.ToArray());

    /// <summary>GET of 13 bytes from a CGI script.</summary>
    public static Work CgiHello => new("/cgi-bin/hello.sh", "Hello, World!"u8.ToArray());

    /// <summary>GET of 13 bytes from a Python application.</summary>
    public static Work ApplicationHello => new("/app", "Hello, World!"u8.ToArray());

    /// <summary>POST of a megabyte to a Python application, which reads it and answers 13 bytes.</summary>
    public static Work ApplicationUpload => ApplicationHello with { Upload = 1 << 20 };

    /// <summary>GET of a megabyte from a Python application.</summary>
    public static Work ApplicationDownload
    {
        get
        {
            var body = new byte[1 << 20];
            for (var i = 0; i < body.Length; i++) body[i] = "0123456789abcdef"u8[i % 16];
            return new("/large", body);
        }
    }

    /// <summary>GET of a file of that many bytes.</summary>
    public Work FileOf(int bytes) => new($"/files/{bytes}.txt", Content(bytes)) { IsFile = true };

    /// <summary>GET of a file of that many bytes from the upstream.</summary>
    public Work ProxiedFileOf(int bytes) => new($"/up/{bytes}.txt", Content(bytes)) { IsFile = true };

    /// <summary>A folder and ports for one more server.</summary>
    public ServerSetup NewServer(string name) =>
        new(Directory.CreateDirectory(Path.Combine(_folder, $"{++_servers}-{name}")).FullName, Files, Ports.Free(), Ports.Free());

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The same text at each run, without patterns that a compressing layer could be rewarded for.
    private byte[] Content(int bytes)
    {
        var path = Path.Combine(Files, $"{bytes}.txt");
        if (File.Exists(path)) return File.ReadAllBytes(path);

        var content = new byte[bytes];
#pragma warning disable CA5394 // not a secret: a repeatable text
        new Random(1).GetItems("abcdefghijklmnopqrstuvwxyz0123456789 \n"u8, content);
#pragma warning restore CA5394
        File.WriteAllBytes(path, content);
        return content;
    }
}

namespace Gatehouse.Interop.Tests.Files;

/// <summary>One server over a folder with one of each kind of file, shared by the tests of a class.</summary>
public sealed class FilesServer : IDisposable
{
    /// <summary>What lies outside of every root.</summary>
    public const string Secret = "outside of the root";

    public FilesServer() => Served = Served.Start(
        """
        sites:
          - routes:
              - {match: /spa/*, files: {root: spa, strip: /spa, fallback: index.html}}
              - {match: /list/*, files: {root: public, strip: /list, browse: on}}
              - {match: /missing/*, files: {root: missing, strip: /missing}}
              - {match: /hidden/*, files: {root: public, strip: /hidden, hidden: on}}
              - {match: /plain/*, files: {root: public, strip: /plain, precompressed: off}}
              - {match: /*, files: {root: public}}
        """,
        Fill);

    public Served Served { get; }

    /// <summary>Ten megabytes that are also /big.bin.</summary>
    public byte[] Big { get; } = Noise.Bytes(10 << 20);

    public void Dispose() => Served.Dispose();

    private void Fill(TempFolder folder)
    {
        folder.Write("secret.txt", Secret);
        folder.Write("spa/index.html", "<p>application");
        folder.Write("spa/app.js", "app()");
        foreach (var name in new[] { "page.html", "style.css", "script.js", "data.json", "picture.svg", "photo.png", "notes.txt", "binary.unknown-type" })
            folder.Write($"public/{name}", $"content of {name}");
        folder.Write("public/with space.txt", "space");
        folder.Write("public/über.txt", "umlaut");
        folder.Write("public/100%.txt", "percent");
        folder.Write("public/a:b.txt", "colon");
        folder.Write("public/index.html", "<p>index");
        folder.Write("public/folder/index.html", "<p>folder");
        folder.Write("public/bare/file.txt", "in a folder without index");
        folder.Write("public/bare/<b>&\".txt", "a name to be encoded");
        folder.Write("public/bare/sub/deep.txt", "deep");
        folder.Write("public/.env", Secret);
        folder.Write("public/.git/config", Secret);
        folder.Write("public/folder/.htpasswd", Secret);
        folder.Write("public/.well-known/security.txt", "Contact: mailto:a@b.test");
        folder.Write("public/empty.txt", "");
        folder.Write("public/ten.txt", "0123456789");
        folder.Write("public/big.bin", Big);
        folder.Write("public/pack.js", "plain pack");
        folder.Write("public/pack.js.br", "brotli pack");
        folder.Write("public/pack.js.zst", "zstandard pack");
        folder.Write("public/pack.js.gz", "gzip pack");
        folder.Write("public/stale.js.gz", "old");
        File.SetLastWriteTimeUtc(folder["public/stale.js.gz"], DateTime.UtcNow.AddDays(-1));
        folder.Write("public/stale.js", "newer than its sibling");
        File.CreateSymbolicLink(folder["public/link-inside.txt"], "ten.txt");
        File.CreateSymbolicLink(folder["public/link-outside.txt"], "../secret.txt");
        File.CreateSymbolicLink(folder["public/link-absolute.txt"], folder["secret.txt"]);
        File.CreateSymbolicLink(folder["public/link-up"], "..");
        File.CreateSymbolicLink(folder["public/link-loop"], "link-loop");
        using (var sparse = File.Create(folder["public/sparse.bin"]))
        {
            sparse.SetLength(5L << 30);
            sparse.Position = 9L << 29;
            sparse.Write("beyond four gigabytes"u8);
        }
        PeerProcess.Run("mkfifo", [folder["public/fifo"]]).Expect(0);
    }
}

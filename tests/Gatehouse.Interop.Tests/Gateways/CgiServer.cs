namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>A server with CGI scripts in shell, Python and Perl, shared by the tests of a class.</summary>
public sealed class CgiServer : IDisposable
{
    public CgiServer() => Served = Served.Start("""
        reactors: 1
        sites:
          - routes:
              - match: /cgi-bin/*
                cgi: cgi-bin
              - match: /streamed/*
                cgi: {root: cgi-bin, buffer: off}
              - match: /impatient/*
                cgi: {root: cgi-bin, timeout: 500ms}
              - match: /few/*
                cgi: {root: cgi-bin, processes: 1, path: /bin, params: {EXTRA: "more", SERVER_ADMIN: me@example.com}}
              - match: /missing/*
                cgi: nowhere
              - match: /static/*
                files: {root: static, strip: /static}
        """, folder =>
    {
        void Script(string name, string text)
        {
            var path = folder.Write($"cgi-bin/{name}", text);
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }
        Script("env.sh", "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\npwd\nenv\n");
        Script("sub/deep/env.sh", "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\npwd\nenv\n");
        Script("echo.py", """
            #!/usr/bin/env python3
            import hashlib, os, sys
            body = sys.stdin.buffer.read()
            print("Content-Type: text/plain\n")
            print(len(body), hashlib.sha256(body).hexdigest(), os.environ.get("CONTENT_LENGTH"), end="")
            """);
        Script("cat.sh", "#!/bin/sh\nprintf 'Content-Type: application/octet-stream\\n\\n'\nexec cat\n");
        Script("deaf.sh", "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nheard nothing'\n");
        Script("slow.sh", "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\nfor i in 0 1 2; do echo \"part $i\"; sleep 0.3; done\n");
        Script("nph-hello.pl", "#!/usr/bin/perl\nprint \"HTTP/1.0 203 Mine\\r\\nX-Nph: yes\\r\\nServer: own/1\\r\\n\\r\\nraw\";\n");
        Script("nph-wrong.sh", "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nx'\n");
        Script("status.pl", "#!/usr/bin/perl\nprint \"Status: 418 Teapot\\nContent-Length: 6\\nX-Own: 1\\nConnection: close\\n\\nteapot\";\n");
        Script("local.sh", "#!/bin/sh\nprintf 'Location: /static/page.txt?x\\n\\n'\n");
        Script("client.sh", "#!/bin/sh\nprintf 'Location: https://example.com/\\n\\n'\n");
        Script("created.sh", "#!/bin/sh\nprintf 'Status: 201\\nLocation: /static/page.txt\\n\\nmade'\n");
        Script("complain.sh", "#!/bin/sh\necho 'a complaint' >&2\nprintf 'Content-Type: text/plain\\n\\nok'\nexit 3\n");
        Script("silent.sh", "#!/bin/sh\nexit 0\n");
        Script("garbage.sh", "#!/bin/sh\necho Hello, World\n");
        Script("short.sh", "#!/bin/sh\nprintf 'Content-Length: 10\\n\\n12345'\n");
        Script("sleepers.sh", "#!/bin/sh\nsleep 60 &\necho $$ $! > \"$PATH_TRANSLATED\"\nwait\n");
        Script("no-shebang", "this is no program\n");
        folder.Write("cgi-bin/plain.txt", "not for running\n");
        folder.Write("outside.sh", "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\noutside'\n");
        File.SetUnixFileMode(folder["outside.sh"], (UnixFileMode)0b111_101_101);
        File.CreateSymbolicLink(folder["cgi-bin/link.sh"], folder["outside.sh"]);
        folder.Write("static/page.txt", "a static page\n");
    });

    public Served Served { get; }

    public void Dispose() => Served.Dispose();
}

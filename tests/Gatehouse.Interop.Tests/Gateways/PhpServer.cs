namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>A server before php-fpm, shared by the tests of a class.</summary>
public sealed class PhpServer : IDisposable
{
    private readonly PhpFpm _fpm = new(children: 6);

    public PhpServer()
    {
        Served = Served.Start($$$"""
            reactors: 1
            sites:
              - routes:
                  - match: /kept/*
                    fastcgi: {to: "unix:{{{_fpm.Socket}}}", root: php, strip: /kept, keep: 2}
                  - match: /streamed/*
                    fastcgi: {to: "unix:{{{_fpm.Socket}}}", root: php, strip: /streamed, buffer: off}
                  - match: /small-buffer/*
                    fastcgi: {to: "unix:{{{_fpm.Socket}}}", root: php, strip: /small-buffer, buffer-memory: 20KB}
                  - match: /framework/*
                    fastcgi: {to: "unix:{{{_fpm.Socket}}}", root: php, strip: /framework, index: index.php, params: {APP_ENV: test, SERVER_ADMIN: me@example.com}}
                  - match: /impatient/*
                    fastcgi: {to: "unix:{{{_fpm.Socket}}}", root: php, strip: /impatient, timeouts: {first-byte: 300ms}}
                  - match: /gone/*
                    fastcgi: {to: "unix:nobody.sock", root: php, strip: /gone}
                  - match: "*.php"
                    fastcgi: {to: "unix:{{{_fpm.Socket}}}", root: php, send-files: [secret]}
                  - match: /static/*
                    files: {root: static, strip: /static}
            """, folder =>
        {
            folder.Write("php/vars.php", "<?php header('Content-Type: application/json'); $s = $_SERVER; $s['PID'] = getmypid(); echo json_encode($s);");
            folder.Write("php/index.php", "<?php echo 'front ', $_SERVER['SCRIPT_NAME'], ' ', $_SERVER['REQUEST_URI'], ' ', $_SERVER['APP_ENV'], ' ', $_SERVER['SERVER_ADMIN'];");
            folder.Write("php/blog/index.php", "<?php echo 'blog ', $_SERVER['SCRIPT_NAME'];");
            folder.Write("php/echo.php", "<?php $b = file_get_contents('php://input'); echo strlen($b), ' ', hash('sha256', $b), ' ', $_SERVER['CONTENT_LENGTH'] ?? 'none';");
            folder.Write("php/big.php", "<?php $b = ''; for ($i = 0; $i < 4000; $i++) $b .= str_pad((string)$i, 1000, '.'); header('X-Sha256: ' . hash('sha256', $b)); echo $b;");
            folder.Write("php/slow.php", "<?php while (ob_get_level()) ob_end_flush(); for ($i = 0; $i < 3; $i++) { echo \"part $i\\n\"; flush(); usleep(300000); }");
            folder.Write("php/sleep.php", "<?php sleep(3); echo 'late';");
            folder.Write("php/errors.php", "<?php error_log('first complaint'); error_log(\"second\\x1bcomplaint\"); http_response_code(418); echo 'teapot';");
            folder.Write("php/redirect.php", "<?php header('Location: /vars.php');");
            folder.Write("php/accel.php", "<?php header('X-Accel-Redirect: /static/file%20name.txt?x'); header('Set-Cookie: a=b'); header('Content-Type: application/special'); echo 'unseen';");
            folder.Write("php/loop.php", "<?php header('X-Accel-Redirect: /loop.php');");
            folder.Write("php/sendfile.php", $"<?php header('X-Sendfile: ' . $_GET['file']); header('Content-Type: application/x-secret'); echo 'unseen';");
            folder.Write("php/short.php", "<?php header('Content-Length: 10'); echo '12345';");
            folder.Write("php/crash.php", "<?php exec('kill -9 ' . getmypid());");
            folder.Write("php/none.php", "<?php http_response_code(204);");
            folder.Write("php/uploads/picture.jpg", "<?php echo 'run';");
            folder.Write("php/folder.php/x.txt", "x");
            folder.Write("outside.php", "<?php echo 'outside';");
            File.CreateSymbolicLink(folder["php/link.php"], folder["outside.php"]);
            folder.Write("static/file name.txt", "a static file\n");
            folder.Write("secret/data.bin", Secret);
        });
    }

    public Served Served { get; }

    /// <summary>What secret/data.bin holds.</summary>
    public byte[] Secret { get; } = Noise.Bytes(100_000);

    public void Dispose()
    {
        Served.Dispose();
        _fpm.Dispose();
    }
}

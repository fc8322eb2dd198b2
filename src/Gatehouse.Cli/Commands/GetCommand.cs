using System.CommandLine;
using Gatehouse.Tools;
using Gatehouse.Tools.Get;

namespace Gatehouse.Cli.Commands;

/// <summary><c>gatehouse get</c>: HTTP requests with curl's options and curl's exit codes.</summary>
internal static class GetCommand
{
    public static Command Create()
    {
        var words = new Argument<string[]>("[METHOD] URL [URL or ITEM]")
        {
            Description = "Where to; then further URLs with their scheme, or NAME=VALUE and NAME:=JSON for a body of JSON, NAME==VALUE for the query, Name:value for a field",
            Arity = ArgumentArity.OneOrMore,
        };
        var method = Text("--request", "METHOD", "Use this method", "-X");
        var headers = Texts("--header", "'NAME: VALUE'", "Send this field", "-H");
        var agent = Text("--user-agent", "TEXT", "Send this User-Agent", "-A");
        var referer = Text("--referer", "URL", "Send this Referer", "-e");
        var range = Text("--range", "FROM-TO", "Ask for this range of bytes", "-r");
        var data = Texts("--data", "TEXT or @FILE", "Send this as a form's data by POST; several are joined with &", "-d");
        var raw = Texts("--data-raw", "TEXT", "As --data, without a meaning for @");
        var binary = Texts("--data-binary", "TEXT or @FILE", "As --data, with the file's line ends");
        var encoded = Texts("--data-urlencode", "NAME=TEXT or NAME@FILE", "As --data, percent-encoded");
        var json = Text("--json", "TEXT or @FILE", "Send this as JSON by POST");
        var inQuery = Flag("--get", "Put the data into the query and use GET", "-G");
        var form = Texts("--form", "NAME=VALUE or NAME=@FILE", "Send a form with files (multipart/form-data)", "-F");
        var upload = Text("--upload-file", "FILE", "Send this file by PUT; - for standard input", "-T");
        var user = Text("--user", "NAME:PASSWORD", "Send this name and password (Basic)", "-u");
        var cookies = Texts("--cookie", "NAME=VALUE or FILE", "Send these cookies, or those of a cookie file", "-b");
        var jar = Text("--cookie-jar", "FILE", "Write all cookies to this file at the end", "-c");
        var follows = Flag("--location", "Follow redirects", "-L");
        var maxRedirects = new Option<int>("--max-redirs") { HelpName = "N", Description = "Follow so many at most", DefaultValueFactory = _ => 50 };
        var insecure = Flag("--insecure", "Accept any certificate", "-k");
        var caCert = Text("--cacert", "FILE", "Trust the authorities in this file instead of the system's");
        var cert = Text("--cert", "FILE", "Show this certificate to the server", "-E");
        var key = Text("--key", "FILE", "Its private key, when it is not in the same file");
        var outputs = Texts("--output", "FILE", "Write the body to this file, one for each URL", "-o");
        var remoteName = Flag("--remote-name", "Write the body to a file of the name in the URL", "-O");
        var continueAt = Text("--continue-at", "OFFSET or -", "Go on with a download: from there, or with - from where the file ends", "-C");
        var include = Flag("--include", "Write the heads of the responses too", "-i");
        var head = Flag("--head", "Ask for the head alone", "-I");
        var silent = Flag("--silent", "No progress, no messages", "-s");
        var showErrors = Flag("--show-error", "Messages even with -s", "-S");
        var fail = Flag("--fail", "An answer of 400 and above is a failure (22), and its body is not written", "-f");
        var failWithBody = Flag("--fail-with-body", "The same, and its body is written");
        var verbose = Flag("--verbose", "Show the heads and the connection on standard error", "-v");
        var writeOut = Text("--write-out", "FORMAT", "At the end write this, with %{http_code} and the like; %{json} for all", "-w");
        var proxy = Text("--proxy", "URL", "Go through this proxy", "-x");
        var noProxy = Text("--noproxy", "HOSTS", "But not for these hosts");
        var tunnel = Flag("--proxytunnel", "Through the proxy by a tunnel, for http too", "-p");
        var resolve = Texts("--resolve", "HOST:PORT:ADDRESS", "Take this address for that host and port");
        var connectTo = Texts("--connect-to", "HOST:PORT:HOST:PORT", "Connect to the second instead of the first");
        var unix = Text("--unix-socket", "PATH", "Connect to this Unix socket");
        var compressed = Flag("--compressed", "Ask for a compressed answer, and decompress it");
        var http11 = Flag("--http1.1", "Use HTTP/1.1, which is the default");
        var maxTime = Number("--max-time", "SECONDS", "Give up after so long", "-m");
        var connectTime = Number("--connect-timeout", "SECONDS", "Give up connecting after so long");
        var maxSize = new Option<long?>("--max-filesize") { HelpName = "BYTES", Description = "Refuse a longer body (63)" };
        var retries = new Option<int>("--retry") { HelpName = "N", Description = "Try again so often after a time-out, 408, 429, 500, 502, 503 or 504" };
        var retryDelay = Number("--retry-delay", "SECONDS", "Wait so long between tries, instead of 1, 2, 4 and so on");
        var retryAll = Flag("--retry-all-errors", "Try again after any failure");
        var retryRefused = Flag("--retry-connrefused", "Try again after a refused connection");
        var parallel = Flag("--parallel", "All URLs side by side", "-Z");
        var parallelMax = new Option<int>("--parallel-max") { HelpName = "N", Description = "So many at a time", DefaultValueFactory = _ => 50 };
        var har = Text("--har", "FILE", "Write what was exchanged to this file, for browsers' tools (HAR)");
        var pretty = Flag("--pretty", "Format and colour JSON though the output is no terminal");
        var plain = Flag("--raw", "Write the body's bytes as they are, on a terminal too");
        var asCurl = Flag("--curl", "Send nothing; print the same request as a curl command");
        var command = new Command("get", """
            Make HTTP requests: curl's options under curl's names, with curl's exit codes

            Examples:
              gatehouse get http://127.0.0.1:8080/
              gatehouse get :8080/post name=Ada age:=36 X-Key:secret
              gatehouse get -fsS -o page.html --retry 3 https://example.com/
              gatehouse get -C - -O https://example.com/large.iso
              gatehouse get -w '%{http_code} %{time_total}\n' -o /dev/null https://example.com/
            """)
        {
            words, method, headers, agent, referer, range, data, raw, binary, encoded, json, inQuery, form, upload, user, cookies, jar, follows, maxRedirects, insecure, caCert, cert, key,
            outputs, remoteName, continueAt, include, head, silent, showErrors, fail, failWithBody, verbose, writeOut, proxy, noProxy, tunnel, resolve, connectTo, unix, compressed, http11,
            maxTime, connectTime, maxSize, retries, retryDelay, retryAll, retryRefused, parallel, parallelMax, har, pretty, plain, asCurl,
        };
        command.SetAction((result, cancellation) => RunAsync(
            new GetOptions
            {
                Words = result.GetRequiredValue(words),
                Method = result.GetValue(method),
                Headers = result.GetValue(headers) ?? [],
                UserAgent = result.GetValue(agent),
                Referer = result.GetValue(referer),
                Range = result.GetValue(range),
                Data = result.GetValue(data) ?? [],
                DataRaw = result.GetValue(raw) ?? [],
                DataBinary = result.GetValue(binary) ?? [],
                DataUrlEncode = result.GetValue(encoded) ?? [],
                Json = result.GetValue(json),
                DataInQuery = result.GetValue(inQuery),
                Form = result.GetValue(form) ?? [],
                Upload = result.GetValue(upload),
                User = result.GetValue(user),
                Cookies = result.GetValue(cookies) ?? [],
                CookieJar = result.GetValue(jar),
                Follows = result.GetValue(follows),
                MaxRedirects = result.GetValue(maxRedirects),
                IsInsecure = result.GetValue(insecure),
                CaCert = result.GetValue(caCert),
                Cert = result.GetValue(cert),
                Key = result.GetValue(key),
                Outputs = result.GetValue(outputs) ?? [],
                UsesRemoteName = result.GetValue(remoteName),
                ContinueAt = result.GetValue(continueAt),
                IncludesHead = result.GetValue(include),
                HeadOnly = result.GetValue(head),
                IsSilent = result.GetValue(silent),
                ShowsErrors = result.GetValue(showErrors),
                Fails = result.GetValue(fail),
                FailsWithBody = result.GetValue(failWithBody),
                IsVerbose = result.GetValue(verbose),
                WriteOut = result.GetValue(writeOut),
                Proxy = result.GetValue(proxy),
                NoProxy = result.GetValue(noProxy),
                TunnelsThroughProxy = result.GetValue(tunnel),
                Resolve = result.GetValue(resolve) ?? [],
                ConnectTo = result.GetValue(connectTo) ?? [],
                UnixSocket = result.GetValue(unix),
                IsCompressed = result.GetValue(compressed),
                MaxTime = result.GetValue(maxTime),
                ConnectTimeout = result.GetValue(connectTime),
                MaxFileSize = result.GetValue(maxSize),
                Retries = Math.Max(0, result.GetValue(retries)),
                RetryDelay = result.GetValue(retryDelay),
                RetriesAllErrors = result.GetValue(retryAll),
                RetriesRefused = result.GetValue(retryRefused),
                IsParallel = result.GetValue(parallel),
                ParallelMax = result.GetValue(parallelMax),
                Har = result.GetValue(har),
                IsPretty = result.GetValue(plain) ? false : result.GetValue(pretty) ? true : null,
            },
            result.GetValue(asCurl),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(GetOptions options, bool asCurl, CancellationToken cancellation)
    {
        try
        {
            if (asCurl)
            {
                Console.Out.WriteLine(CurlCommand.Of(options, new RequestPlan(options)));
                return 0;
            }
            var output = new GetOutput(Console.OpenStandardOutput(), Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected, options);
            return await new GetRunner(options, output).RunAsync(cancellation);
        }
        catch (ToolException exception)
        {
            if (!options.IsSilent || options.ShowsErrors)
                Console.Error.WriteLine($"gatehouse: ({exception.ExitCode}) {exception.Message}");
            return exception.ExitCode;
        }
    }

    private static Option<string?> Text(string name, string value, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = value, Description = description };

    private static Option<string[]> Texts(string name, string value, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = value, Description = description, Arity = ArgumentArity.OneOrMore };

    private static Option<bool> Flag(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description };

    private static Option<double?> Number(string name, string value, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = value, Description = description };
}

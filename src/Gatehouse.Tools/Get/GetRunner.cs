using System.Security.Cryptography;
using System.Text;
using Gatehouse.Http.Client;
using Gatehouse.Http.Cookies;
using Gatehouse.Http.Urls;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tls;

namespace Gatehouse.Tools.Get;

/// <summary>Runs <c>gatehouse get</c>: each URL's transfer, one after the other or side by side.</summary>
public sealed class GetRunner
{
    private readonly GetOptions _options;
    private readonly GetOutput _output;
    private readonly RequestPlan _plan;

    /// <summary>Reads what was asked for.</summary>
    /// <exception cref="ToolException">It cannot be done.</exception>
    public GetRunner(GetOptions options, GetOutput output)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        _options = options;
        _output = output;
        _plan = new RequestPlan(options);
    }

    /// <summary>Runs it. The exit code is curl's: that of the last transfer, or side by side of the first that failed.</summary>
    /// <exception cref="ToolException">It cannot be begun.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        using var reactors = ReactorGroup.StartNew(1);
        var jar = Cookies();
        var client = await ClientAsync(reactors, jar, cancellation);
        // Each transfer has an observer of its own, and so a requester; a plain run of several URLs shares one, and with it the connections.
        using var shared = new Requesters();
        var reports = new List<TransferReport>();
        if (_options.IsParallel)
        {
            using var room = new SemaphoreSlim(Math.Max(1, _options.ParallelMax));
            var running = _plan.Urls.Select((url, index) => RunInRoomAsync(room, reactors, shared, client, url, index, cancellation)).ToList();
            reports.AddRange(await Task.WhenAll(running));
        }
        else
        {
            for (var i = 0; i < _plan.Urls.Count; i++)
                reports.Add(await RunOneAsync(reactors, shared, client, _plan.Urls[i], i, cancellation));
        }
        SaveCookies(jar);
        if (_options.Har is { } har)
            SaveHar(har, reports);
        return _options.IsParallel ? reports.Find(report => report.ExitCode != 0)?.ExitCode ?? 0 : reports[^1].ExitCode;
    }

    private async Task<TransferReport> RunInRoomAsync(
        SemaphoreSlim room, ReactorGroup reactors, Requesters shared, RequesterOptions client, Url url, int index, CancellationToken cancellation)
    {
        await room.WaitAsync(cancellation);
        try
        {
            return await RunOneAsync(reactors, shared, client, url, index, cancellation);
        }
        finally
        {
            room.Release();
        }
    }

    private async Task<TransferReport> RunOneAsync(
        ReactorGroup reactors, Requesters shared, RequesterOptions client, Url url, int index, CancellationToken cancellation)
    {
        var transfer = new Transfer(_options, _plan, _output, shared.For, client, url, FileFor(url, index));
        var report = await OnReactorAsync(reactors.Reactors[0], () => transfer.RunAsync(cancellation));
        _output.Fail(report);
        if (_options.WriteOut is { } format)
        {
            try
            {
                _output.Body.Write(Encoding.UTF8.GetBytes(WriteOut.Format(format.StartsWith('@') ? Encoding.UTF8.GetString(DataParts.ReadFile(format[1..])) : format, report)));
                _output.Body.Flush();
            }
            catch (IOException exception)
            {
                throw new ToolException(CurlCode.WriteFailed, exception.Message, exception);
            }
        }
        return report;
    }

    private static Task<TransferReport> OnReactorAsync(Reactor reactor, Func<Task<TransferReport>> run)
    {
        var done = new TaskCompletionSource<TransferReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        reactor.Post(
            _ => run().ContinueWith(
                task =>
                {
                    if (task.IsCompletedSuccessfully)
                        done.SetResult(task.Result);
                    else
                        done.SetException(task.Exception?.InnerException ?? new OperationCanceledException());
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default),
            null);
        return done.Task;
    }

    private string? FileFor(Url url, int index)
    {
        if (index < _options.Outputs.Count)
            return _options.Outputs[index];
        if (!_options.UsesRemoteName)
            return null;
        var name = Uri.UnescapeDataString(url.Path[(url.Path.LastIndexOf('/') + 1)..]);
        return name.Length > 0 && name is not ("." or "..") && !name.Contains('/', StringComparison.Ordinal) && !name.Contains('\0', StringComparison.Ordinal)
            ? name
            : throw new ToolException(CurlCode.WriteFailed, $"-O: {url.HrefWithoutFragment} has no file name; give one with -o FILE");
    }

    private async Task<RequesterOptions> ClientAsync(ReactorGroup reactors, CookieJar? jar, CancellationToken cancellation)
    {
        var destinations = await Destinations.ReadAsync(_options, cancellation);
        var usual = ClientTimeouts.Default;
        var total = Time("--max-time", _options.MaxTime);
        // One limit for all steps is the one that was asked for.
        var step = total == Timeout.InfiniteTimeSpan ? usual.FirstByte : total;
        return new RequesterOptions
        {
            Reactors = reactors,
            Total = total,
            Timeouts = usual with { Connect = Time("--connect-timeout", _options.ConnectTimeout) is { } wait && wait != Timeout.InfiniteTimeSpan ? wait : Longer(usual.Connect, total), FirstByte = step, Idle = step },
            MaxRedirects = _options.Follows ? Math.Max(0, _options.MaxRedirects) : 0,
            AllowsDowngrade = true,
            Decodes = _options.IsCompressed,
            MaxBodyBytes = _options.MaxFileSize ?? long.MaxValue,
            Cookies = jar,
            ProxyFor = destinations.HasProxy ? destinations.ProxyFor : null,
            TunnelsThroughProxy = _options.TunnelsThroughProxy,
            ConnectTo = destinations.ConnectTo,
            Tls = Tls(),
        };
    }

    private static TimeSpan Longer(TimeSpan usual, TimeSpan total) => total == Timeout.InfiniteTimeSpan || total < usual ? usual : total;

    private static TimeSpan Time(string name, double? seconds) => seconds switch
    {
        null or 0 => Timeout.InfiniteTimeSpan,
        > 0 and < 1e7 => TimeSpan.FromSeconds(seconds.Value),
        _ => throw new ToolException($"{name}: found {seconds}, expected a number of seconds"),
    };

    private TlsClient? Tls()
    {
        if (!_options.IsInsecure && _options.CaCert is null && _options.Cert is null)
            return null;
        try
        {
            return new TlsClient(new TlsClientOptions
            {
                Verify = !_options.IsInsecure,
                Authorities = _options.CaCert is { } file ? Authorities(file) : null,
                Certificate = _options.Cert is { } cert ? TlsCertificate.FromFiles(cert, _options.Key ?? cert) : null,
            });
        }
        catch (CryptographicException exception)
        {
            throw new ToolException(CurlCode.BadClientCertificate, exception.Message, exception);
        }
    }

    private static IReadOnlyList<ReadOnlyMemory<byte>> Authorities(string file)
    {
        try
        {
            return TlsCertificate.AuthoritiesFromFile(file);
        }
        catch (CryptographicException exception)
        {
            throw new ToolException(CurlCode.BadAuthorities, exception.Message, exception);
        }
    }

    private CookieJar? Cookies()
    {
        var files = _options.Cookies.Where(cookie => !cookie.Contains('=', StringComparison.Ordinal)).ToList();
        if (files.Count == 0 && _options.CookieJar is null)
            return null;
        var jar = new CookieJar();
        foreach (var path in files.Where(File.Exists))
        {
            try
            {
                using var file = File.OpenRead(path);
                CookieFile.Read(file, jar);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                throw new ToolException(CurlCode.ReadFailed, exception.Message, exception);
            }
        }
        return jar;
    }

    private void SaveCookies(CookieJar? jar)
    {
        if (_options.CookieJar is not { } path)
            return;
        if (path == "-")
            CookieFile.Write(_output.Body, jar!);
        else
            Save(path, file => CookieFile.Write(file, jar!));
    }

    private static void SaveHar(string path, List<TransferReport> reports) => Save(path, file => HarFile.Write(file, reports));

    private static void Save(string path, Action<Stream> write)
    {
        try
        {
            using var file = File.Create(path);
            write(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(CurlCode.WriteFailed, $"{path} cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>The requesters of one run.</summary>
    private sealed class Requesters : IDisposable
    {
        private readonly System.Collections.Concurrent.ConcurrentBag<HttpRequester> _made = [];

        public HttpRequester For(RequesterOptions options)
        {
            var requester = new HttpRequester(options);
            _made.Add(requester);
            return requester;
        }

        public void Dispose()
        {
            foreach (var requester in _made)
                requester.Dispose();
        }
    }
}

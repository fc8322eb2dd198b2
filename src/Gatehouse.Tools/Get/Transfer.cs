using System.Diagnostics;
using System.Globalization;
using Gatehouse.Http.Client;
using Gatehouse.Http.Urls;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Tools.Get;

/// <summary>One URL's transfer, tried as often as it is worth it. Runs on a reactor, so that reading costs no change of threads.</summary>
internal sealed class Transfer(GetOptions options, RequestPlan plan, GetOutput output, Func<RequesterOptions, HttpRequester> requesterFor, RequesterOptions client, Url url, string? file)
{
    private const int BufferBytes = 256 * 1024;

    // curl's: the first pause, and the longest.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    public async Task<TransferReport> RunAsync(CancellationToken cancellation)
    {
        for (var (left, pause) = (options.Retries, FirstPause); ; left--, pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var report = await TryAsync(mayRetry: left > 0, cancellation);
            if (left == 0 || !IsWorthAnotherTry(report))
                return report;
            var wait = options.RetryDelay is { } fixedPause ? TimeSpan.FromSeconds(fixedPause) : RetryAfter(report) ?? pause;
            output.Warn($"{report.Error ?? $"the server answered {report.Status}"}; trying again in {wait.TotalSeconds:0.#} s, {left} tries left");
            await Task.Delay(wait, cancellation);
        }
    }

    private bool IsWorthAnotherTry(TransferReport report) =>
        report.Status is 408 or 429 or 500 or 502 or 503 or 504 ||
        report.ExitCode == CurlCode.TimedOut ||
        (options.RetriesRefused && report.ExitCode == CurlCode.NotConnected) ||
        (options.RetriesAllErrors && (report.ExitCode != 0 || report.Status >= 400));

    private static TimeSpan? RetryAfter(TransferReport report) =>
        report.Header("Retry-After") is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, LongestPause.TotalSeconds))
            : null;

    private async Task<TransferReport> TryAsync(bool mayRetry, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var log = new HeadLog(options.IsVerbose ? output.Error : null);
        var report = new TransferReport(url, plan.Method) { File = file };
        try
        {
            var from = ResumeFrom();
            using var response = await requesterFor(client with { Observer = log }).SendAsync(plan.Request(url, from), cancellation);
            Note(report, response);
            if (!(mayRetry && IsWorthAnotherTry(report)))
                await TakeAsync(report, response, log, from, cancellation);
        }
        catch (Exception exception) when (exception is ToolException or IOException or NotSupportedException)
        {
            report.ExitCode = CurlCode.Of(exception, client.ProxyFor?.Invoke(url) is not null);
            report.Error = exception.Message;
        }
        report.Total = Stopwatch.GetElapsedTime(started);
        report.Heads = log.Pairs.FindAll(pair => pair.Headers is not null);
        report.Connections = log.Connections;
        return report;
    }

    private static void Note(TransferReport report, ClientResponse response)
    {
        report.Status = response.Status;
        report.Version = response.Version;
        report.Headers = response.Headers;
        report.EffectiveUrl = response.Url;
        report.Redirects = response.Redirects;
        report.Remote = response.RemoteEndpoint;
        report.Timing = response.Timing;
    }

    private long ResumeFrom() => options.ContinueAt switch
    {
        null => 0,
        "-" => file is not null && File.Exists(file) ? new FileInfo(file).Length : 0,
        var text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? offset
            : throw new ToolException($"-C: found '{text}', expected an offset or -"),
    };

    private async Task TakeAsync(TransferReport report, ClientResponse response, HeadLog log, long from, CancellationToken cancellation)
    {
        var failsOnStatus = (options.Fails || options.FailsWithBody) && response.Status >= 400;
        if (from > 0 && response.Status == 416 && IsWhole(response, from))
            return;
        if (from > 0 && response.Status == 200)
            throw new ToolException(CurlCode.NoRanges, "the server does not send parts of this, so that the download cannot be resumed");
        if (from > 0 && response.Status == 206 && !StartsAt(response, from))
            throw new ToolException(CurlCode.NoRanges, $"the server sent another part ({response["Content-Range"]}) than was asked for");
        if (failsOnStatus)
        {
            report.ExitCode = CurlCode.HttpError;
            report.Error = $"the server answered {response.Status} {response.Reason}".TrimEnd();
        }
        if (!failsOnStatus || options.FailsWithBody)
        {
            using var sink = output.Open(file, from);
            if (options.IncludesHead || options.HeadOnly)
            {
                foreach (var pair in log.Pairs)
                    sink.WriteHead(pair.Response);
            }
            await CopyAsync(report, response, sink, from, cancellation);
            sink.Finish(response["Content-Type"]);
        }
    }

    private async Task CopyAsync(TransferReport report, ClientResponse response, BodySink sink, long from, CancellationToken cancellation)
    {
        var buffer = new byte[BufferBytes];
        var progress = file is not null ? output.Progress(Path.GetFileName(file)) : null;
        var total = response.ContentLength is { } length && !response.Headers.Contains(KnownHeader.ContentEncoding) ? length + from : (long?)null;
        while (await response.Body.ReadAsync(buffer, cancellation) is > 0 and var count)
        {
            sink.Write(buffer.AsSpan(0, count));
            report.Downloaded += count;
            progress?.Show(from + report.Downloaded, total);
        }
        progress?.Show(from + report.Downloaded, total, isOver: true);
    }

    // 416 to a range from the very end: everything is here (RFC 9110 section 15.5.17).
    private static bool IsWhole(ClientResponse response, long from) => response["Content-Range"] == $"bytes */{from}";

    private static bool StartsAt(ClientResponse response, long from) => response["Content-Range"]?.StartsWith($"bytes {from}-", StringComparison.Ordinal) == true;
}

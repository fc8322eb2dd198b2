using System.CommandLine;
using System.Globalization;
using System.Text;
using Gatehouse.Http.Settings;
using Gatehouse.Load;
using Gatehouse.Load.Report;
using Gatehouse.Load.Results;
using Gatehouse.Load.Running;

namespace Gatehouse.Cli.Commands;

/// <summary><c>gatehouse bench</c>: load on a server. Exit code 0, 1 when an assertion does not hold or nothing was answered, 2 for a wrong call.</summary>
internal static class BenchCommand
{
    private const int Wrong = 2;

    public static Command Create()
    {
        var url = new Argument<string>("URL") { Description = "Where to" };
        var connections = new Option<int>("--connections", "-c") { HelpName = "N", Description = "Connections", DefaultValueFactory = _ => 50 };
        var duration = new Option<string>("--duration", "-d") { HelpName = "TIME", Description = "How long, such as 5s or 2m", DefaultValueFactory = _ => "5s" };
        var requests = new Option<long>("--requests", "-n") { HelpName = "N", Description = "So many requests, however long they take" };
        var threads = new Option<int>("--threads", "-t") { HelpName = "N", Description = "Threads", DefaultValueFactory = _ => 1 };
        var rate = new Option<double>("--rate", "-r") { HelpName = "N", Description = "Requests due each second, whether or not others are answered (open model); without it each connection sends when its answer is there (closed model)" };
        var ramp = new Option<string>("--ramp") { HelpName = "TIME", Description = "Let the rate grow from 0 for so long", DefaultValueFactory = _ => "0" };
        var steps = new Option<string?>("--steps") { HelpName = "R1,R2,...", Description = "One run for each of these rates, to find what the server keeps up with" };
        var method = new Option<string?>("--method", "-m") { HelpName = "METHOD", Description = "The method; GET, or POST with --data" };
        var headers = new Option<string[]>("--header", "-H") { HelpName = "'NAME: VALUE'", Description = "Send this field" };
        var data = new Option<string?>("--data") { HelpName = "TEXT or @FILE", Description = "Send this body" };
        var patience = new Option<string>("--timeout") { HelpName = "TIME", Description = "How long an answer may take", DefaultValueFactory = _ => "30s" };
        var insecure = new Option<bool>("--insecure", "-k") { Description = "Accept any certificate" };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON" };
        var save = new Option<string?>("--save") { HelpName = "FILE", Description = "Keep the result in this file" };
        var compare = new Option<string?>("--compare") { HelpName = "FILE", Description = "Show the result beside one that was saved" };
        var html = new Option<string?>("--html") { HelpName = "FILE", Description = "Write a report with plots to this file" };
        var asserts = new Option<string[]>("--assert") { HelpName = "CONDITION", Description = "Exit code 1 unless it holds: 'p99<20ms', 'errors==0', 'rps>=1000', 'error-rate<1%'" };
        var command = new Command("bench", """
            Put load on a server and tell the truth about it: latencies count from when a request was due, errors are told by kind, and a generator that is itself too slow says so

            Examples:
              gatehouse bench -c 64 -d 10s http://127.0.0.1:8080/
              gatehouse bench -r 2000 -d 30s --assert 'p99<20ms' --assert errors==0 http://127.0.0.1:8080/
              gatehouse bench --steps 1000,2000,4000,8000 --html report.html http://127.0.0.1:8080/
              gatehouse bench --save before.json http://127.0.0.1:8080/; gatehouse bench --compare before.json http://127.0.0.1:8080/
            """)
        {
            url, connections, duration, requests, threads, rate, ramp, steps, method, headers, data, patience, insecure, json, save, compare, html, asserts,
        };
        command.SetAction(async (result, cancellation) =>
        {
            try
            {
                var body = result.GetValue(data) is { } text ? await BodyAsync(text, cancellation) : null;
                var plan = await LoadTarget.PlanAsync(
                    result.GetRequiredValue(url), result.GetValue(method) ?? (body is null ? "GET" : "POST"), result.GetValue(headers) ?? [], body, result.GetValue(insecure), cancellation);
                plan = plan with
                {
                    Connections = Between("-c", result.GetValue(connections), 1, 100_000),
                    Threads = Between("-t", result.GetValue(threads), 1, Math.Min(256, result.GetValue(connections))),
                    Duration = Time("-d", result.GetRequiredValue(duration)),
                    Requests = result.GetValue(requests) >= 0 ? result.GetValue(requests) : throw new ArgumentException("-n: expected a number of requests"),
                    Rate = result.GetValue(rate) is >= 0 and <= 100e6 and var wanted ? wanted : throw new ArgumentException("-r: expected requests each second"),
                    Ramp = Time("--ramp", result.GetRequiredValue(ramp)),
                    Patience = Time("--timeout", result.GetRequiredValue(patience)),
                };
                var plans = result.GetValue(steps) is { } rates ? Steps(plan, rates) : [plan];
                var assertions = (result.GetValue(asserts) ?? []).Select(text => Assertion.TryParse(text, out var assertion, out var fault) ? assertion : throw new ArgumentException($"--assert: {fault}")).ToList();
                var before = result.GetValue(compare) is { } saved ? Read(saved) : null;
                var results = new List<LoadResult>();
                foreach (var step in plans)
                    results.Add(await LoadRun.RunAsync(step, Console.IsErrorRedirected ? null : Live(), cancellation));
                Report(result.GetRequiredValue(url), results, before, result.GetValue(json), result.GetValue(save), result.GetValue(html));
                return Verdict(results, assertions);
            }
            catch (Exception exception) when (exception is ArgumentException or IOException or InvalidDataException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"gatehouse: {exception.Message}");
                return Wrong;
            }
        });
        return command;
    }

    private static int Verdict(List<LoadResult> results, List<Assertion> assertions)
    {
        var broken = results.SelectMany(result => assertions.Select(assertion => assertion.Check(result))).Where(fault => fault is not null).ToList();
        foreach (var fault in broken)
            Console.Error.WriteLine($"gatehouse: {fault}");
        return broken.Count > 0 || results.TrueForAll(result => result.Requests == 0) ? 1 : 0;
    }

    private static void Report(string url, List<LoadResult> results, LoadResult? before, bool asJson, string? save, string? html)
    {
        if (asJson)
        {
            using var output = Console.OpenStandardOutput();
            ResultJson.Write(output, results);
        }
        else
        {
            Console.Out.Write(results.Count > 1 ? ResultText.Steps(results) : ResultText.Of(results[0]));
            if (before is not null)
                Console.Out.Write("\n" + ResultText.Comparison(before, results[^1]));
        }
        if (save is not null)
        {
            using var file = File.Create(save);
            ResultJson.Write(file, results);
        }
        if (html is not null)
            File.WriteAllText(html, HtmlReport.Of($"Load on {url}", results));
    }

    // A line on the terminal that is written anew each second.
    private static Action<long, TimeSpan> Live()
    {
        var last = 0L;
        var before = TimeSpan.Zero;
        return (answers, elapsed) =>
        {
            var rate = (answers - last) / Math.Max(0.001, (elapsed - before).TotalSeconds);
            (last, before) = (answers, elapsed);
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{elapsed.TotalSeconds,5:0} s  {rate,10:#,0} requests/s  {answers,12:#,0} answers\x1b[K\r"));
        };
    }

    private static List<LoadPlan> Steps(LoadPlan plan, string rates)
    {
        var plans = new List<LoadPlan>();
        foreach (var text in rates.Split(','))
        {
            if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) || rate is <= 0 or > 100e6)
                throw new ArgumentException($"--steps: found '{text}', expected rates like 1000,2000,4000");
            plans.Add(plan with { Rate = rate, Requests = 0 });
        }
        return plans;
    }

    private static LoadResult Read(string file)
    {
        using var stream = File.OpenRead(file);
        return ResultJson.Read(stream);
    }

    private static async Task<byte[]> BodyAsync(string text, CancellationToken cancellation) =>
        text.StartsWith('@') ? await File.ReadAllBytesAsync(text[1..], cancellation) : Encoding.UTF8.GetBytes(text);

    private static int Between(string name, int value, int least, int most) =>
        value >= least && value <= most ? value : throw new ArgumentException($"{name}: found {value}, expected {least} to {most}");

    private static TimeSpan Time(string name, string text) =>
        Duration.TryParse(text, out var value, out var fault) ? value : throw new ArgumentException($"{name}: {fault}");
}

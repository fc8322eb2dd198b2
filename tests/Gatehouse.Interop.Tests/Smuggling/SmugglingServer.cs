using System.Text;
using System.Text.RegularExpressions;

namespace Gatehouse.Interop.Tests.Smuggling;

/// <summary>A server before an upstream that takes nothing but canonical requests and numbers its answers.</summary>
public sealed partial class SmugglingServer : IDisposable
{
    private readonly ScriptedUpstream _upstream;
    private readonly Served _served;
    private int _answered;

    public SmugglingServer()
    {
        _upstream = new ScriptedUpstream(connection =>
        {
            while (true)
            {
                var request = connection.ReadRequest();
                if (Doubt(request.Head) is { } doubt) throw new FormatException($"{doubt}: {request.Head}");
                connection.Send(Answer.Ok($"answer {Interlocked.Increment(ref _answered)} {request.Target}"));
            }
        });
        _served = Served.Start(Served.Proxy(_upstream.Address, "timeouts: {first-byte: 3s}"));
    }

    /// <summary>Sends one payload and its sender's end; null when the outcome is safe, else what is not.</summary>
    public string? Judge(byte[] wire)
    {
        var before = Volatile.Read(ref _answered);
        var faults = _upstream.Faults.Count;
        byte[] received;
        using (var client = _served.Connect(TimeSpan.FromSeconds(10)))
        {
            try
            {
                client.Send(wire);
                client.HalfClose();
                received = client.ReadToEnd(allowReset: true);
            }
            catch (TimeoutException e)
            {
                return $"hangs: {e.Message}";
            }
        }
        var text = Encoding.Latin1.GetString(received);
        var seen = Volatile.Read(ref _answered) - before;
        var given = AnswerPattern().Count(text);
        if (_upstream.Faults.Count > faults) return $"the upstream found {_upstream.Faults[^1].Message}";
        if (given != seen) return $"the upstream answered {seen} requests, the client got {given} answers: {text}";
        var statuses = StatusPattern().Matches(text).Select(match => match.Groups[1].Value).Where(status => status != "100").ToArray();
        var refused = statuses.Count(status => status is not ("200" or "404" or "405"));
        // A message that cannot be framed ends the connection: nothing may be answered behind it.
        if (refused > 1 || (refused == 1 && statuses[^1] is "200")) return $"goes on behind a refusal: {string.Join(' ', statuses)}";
        return Encoding.Latin1.GetString(wire).Contains("/smuggled", StringComparison.Ordinal) && text.Contains("/smuggled", StringComparison.Ordinal) && !IsPlainPipeline(wire)
            ? $"the second request was answered: {text}"
            : null;
    }

    public void Dispose()
    {
        _served.Dispose();
        _upstream.Dispose();
    }

    // A first request without doubt, with its whole body before the second: that one is the client's own.
    private static bool IsPlainPipeline(byte[] wire)
    {
        var text = Encoding.Latin1.GetString(wire);
        var head = text[..(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)];
        var length = LengthPattern().Match(head) is { Success: true } match ? int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) : 0;
        return !TransferPattern().IsMatch(head) && text[(head.Length + length)..].StartsWith("GET /smuggled", StringComparison.Ordinal);
    }

    // What some other program might read differently (RFC 9112 sections 2.2, 5 and 6).
    private static string? Doubt(string head)
    {
        var lines = head[..^4].Split("\r\n");
        if (!RequestLinePattern().IsMatch(lines[0])) return "a request line in no plain form";
        foreach (var line in lines.AsSpan(1))
            if (!FieldPattern().IsMatch(line)) return $"the field line '{line}'";
        var lengths = lines.Count(line => line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase));
        var codings = lines.Where(line => line.StartsWith("transfer-encoding:", StringComparison.OrdinalIgnoreCase)).ToArray();
        if (lengths + codings.Length > 1) return "two framings";
        if (codings.Length == 1 && codings[0] != "Transfer-Encoding: chunked") return "an unusual coding";
        return lines.Count(line => line.StartsWith("host:", StringComparison.OrdinalIgnoreCase)) == 1 ? null : "not one Host";
    }

    [GeneratedRegex("^[!#$%&'*+.^_`|~0-9A-Za-z-]+ [!-~]+ HTTP/1\\.1$")]
    private static partial Regex RequestLinePattern();

    [GeneratedRegex("^[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\\t -~\\u0080-\\u00ff]*$")]
    private static partial Regex FieldPattern();

    [GeneratedRegex("answer [0-9]+ ")]
    private static partial Regex AnswerPattern();

    [GeneratedRegex("HTTP/1\\.1 ([0-9]{3}) ")]
    private static partial Regex StatusPattern();

    [GeneratedRegex("\r\nContent-Length: ([0-9]+)\r\n", RegexOptions.IgnoreCase)]
    private static partial Regex LengthPattern();

    [GeneratedRegex("\r\n *transfer-encoding", RegexOptions.IgnoreCase)]
    private static partial Regex TransferPattern();
}

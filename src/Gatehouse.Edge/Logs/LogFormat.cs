using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Logs;

/// <summary>
/// How a line of the access log looks: <c>combined</c>, <c>json</c>, or a template such as <c>$client - $user [$time] "$request" $status $bytes</c>.
/// In a template <c>$name</c> or <c>${name}</c> stands for a variable of <see cref="LogVariables"/>, <c>${header:NAME}</c> and
/// <c>${response-header:NAME}</c> for fields, <c>$$</c> for a dollar sign. What has no value is written <c>-</c>. A template that begins with a brace
/// is JSON: values are escaped for it, and one that is missing is left empty.
/// </summary>
public sealed class LogFormat : ISettingValue<LogFormat>
{
    /// <summary>Room that a line needs at most.</summary>
    internal const int MaxLine = 64 * 1024;

    private const string CombinedTemplate = "$client - $user [$time] \"$request\" $status $bytes \"$referer\" \"$user-agent\"";

    private static readonly LogVariable[] JsonMembers =
    [
        LogVariable.TimeIso, LogVariable.Client, LogVariable.User, LogVariable.Method, LogVariable.Scheme, LogVariable.Host, LogVariable.Target,
        LogVariable.Protocol, LogVariable.Status, LogVariable.Bytes, LogVariable.RequestBytes, LogVariable.Duration, LogVariable.Referer, LogVariable.UserAgent, LogVariable.Encoding,
        LogVariable.RequestId, LogVariable.TraceId, LogVariable.Route, LogVariable.Upstream, LogVariable.UpstreamStatus, LogVariable.UpstreamTries,
        LogVariable.UpstreamDuration, LogVariable.Failure,
    ];

    private readonly string _text;
    private readonly LogSegment[] _segments;
    private readonly bool _isJson;
    private readonly bool _isObject;
    private readonly int _valueLimit;

    private LogFormat(string text, IReadOnlyList<LogSegment> segments, bool isJson, bool isObject)
    {
        _text = text;
        _segments = [.. segments];
        _isJson = isJson;
        _isObject = isObject;
        // Each value gets an equal share of the line, at most 4 KB; $request is three values.
        var fixedLength = segments.Sum(segment => segment.Literal.Length) + 16;
        _valueLimit = Math.Min(4096, ((MaxLine - fixedLength) / Math.Max(1, segments.Count * 3)) - 8);
    }

    /// <summary>The format that nginx and Apache call combined.</summary>
    public static LogFormat Combined { get; } = Template("combined", CombinedTemplate);

    /// <summary>One JSON object a line; what has no value is left out.</summary>
    public static LogFormat Json { get; } = new("json", [.. JsonMembers.Select(JsonMember)], isJson: true, isObject: true);

    /// <inheritdoc/>
    public static string Expected => "combined, json, or a template such as '$client [$time] \"$request\" $status $bytes'";

    /// <summary>Reads <c>combined</c>, <c>json</c> or a template.</summary>
    public static bool TryParse(string text, [MaybeNullWhen(false)] out LogFormat value, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        fault = null;
        value = text switch { "combined" => Combined, "json" => Json, _ => null };
        if (value is not null)
            return true;
        if (!text.Contains('$', StringComparison.Ordinal))
        {
            fault = $"found '{text}', expected {Expected}";
            return false;
        }
        if (!LogTemplate.TryParse(text, out var segments, out fault))
            return false;
        value = new LogFormat(text, segments, isJson: text.StartsWith('{'), isObject: false);
        return true;
    }

    /// <summary>The format as it was written.</summary>
    public override string ToString() => _text;

    /// <summary>Writes a line with its line feed; returns its length. <paramref name="room"/> has <see cref="MaxLine"/> bytes.</summary>
    internal int Write(Span<byte> room, in LogEntry entry)
    {
        var line = new LogLine(room, _valueLimit, _isJson);
        foreach (ref readonly var segment in _segments.AsSpan())
        {
            var start = line.Length;
            line.Raw(segment.Literal);
            if (segment.Variable == LogVariable.None)
                continue;
            var isPresent = LogValues.Write(ref line, in segment, in entry);
            if (_isObject)
            {
                if (!isPresent)
                    line.Length = start;
                else if (!LogVariables.IsNumber(segment.Variable))
                    line.Raw("\""u8);
            }
            else if (!isPresent && !_isJson)
            {
                line.Raw("-"u8);
            }
        }
        line.Raw(_isObject ? "}\n"u8 : "\n"u8);
        return line.Length;
    }

    /// <summary>Writes the line that says that lines are missing here; returns its length.</summary>
    internal int WriteLost(Span<byte> room, long count, DateTime now)
    {
        var line = new LogLine(room, _valueLimit, _isJson);
        line.Raw(_isJson ? "{\"time\":\""u8 : "# "u8);
        line.Raw(LogClock.Iso(now));
        line.Raw(_isJson ? "Z\",\"lost\":"u8 : "Z "u8);
        line.Number(count);
        line.Raw(_isJson ? "}\n"u8 : " lines lost: the log could not be written as fast as they came\n"u8);
        return line.Length;
    }

    private static LogFormat Template(string name, string template) =>
        LogTemplate.TryParse(template, out var segments, out var fault)
            ? new LogFormat(name, segments, isJson: false, isObject: false)
            : throw new FormatException(fault);

    private static LogSegment JsonMember(LogVariable variable, int index)
    {
        var name = variable switch
        {
            LogVariable.TimeIso => "time",
            LogVariable.RequestBytes => "request_bytes",
            LogVariable.UserAgent => "user_agent",
            LogVariable.RequestId => "request_id",
            LogVariable.TraceId => "trace_id",
            LogVariable.UpstreamStatus => "upstream_status",
            LogVariable.UpstreamTries => "upstream_tries",
            LogVariable.UpstreamDuration => "upstream_duration",
            _ => variable.ToString().ToLowerInvariant(),
        };
        var quote = LogVariables.IsNumber(variable) ? "" : "\"";
        return new LogSegment(Encoding.ASCII.GetBytes($"{(index == 0 ? '{' : ',')}\"{name}\":{quote}"), variable, []);
    }
}

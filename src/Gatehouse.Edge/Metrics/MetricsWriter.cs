using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gatehouse.Edge.Metrics;

/// <summary>
/// Writes Prometheus's text format 0.0.4: <c># HELP</c> and <c># TYPE</c> of a family, then its samples, <c>name{label="value"} number</c>. Label values are
/// escaped (backslash, quote, line feed); names are the program's own and are checked.
/// </summary>
public sealed class MetricsWriter
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    private readonly ArrayBufferWriter<byte> _output = new(16 * 1024);
    private readonly HashSet<string> _families = new(StringComparer.Ordinal);
    private string _name = "";

    /// <summary>What has been written, until the next <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Written => _output.WrittenMemory;

    /// <summary>Starts anew.</summary>
    public void Clear()
    {
        _output.ResetWrittenCount();
        _families.Clear();
        _name = "";
    }

    /// <summary>Begins a family of counters, whose name ends in <c>_total</c>.</summary>
    public void Counter(string name, string help)
    {
        if (!name.EndsWith("_total", StringComparison.Ordinal))
            throw new ArgumentException($"A counter's name ends in _total; found '{name}'.", nameof(name));
        Family(name, help, "counter");
    }

    /// <summary>Begins a family of gauges.</summary>
    public void Gauge(string name, string help) => Family(name, help, "gauge");

    /// <summary>Begins a family of histograms.</summary>
    public void Histogram(string name, string help) => Family(name, help, "histogram");

    /// <summary>Writes a sample of the present family.</summary>
    public void Sample(double value, params ReadOnlySpan<(string Name, string Value)> labels) => Sample("", value, labels);

    /// <summary>Writes a sample whose name is the family's with a suffix: <c>_bucket</c>, <c>_sum</c> or <c>_count</c> of a histogram.</summary>
    public void Sample(string suffix, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        ArgumentNullException.ThrowIfNull(suffix);
        if (_name.Length == 0)
            throw new InvalidOperationException("A sample belongs to a family, and none has been begun.");
        Text(_name);
        Text(suffix);
        for (var i = 0; i < labels.Length; i++)
        {
            Text(i == 0 ? "{" : ",");
            Text(labels[i].Name);
            Text("=\"");
            Text(Escape(labels[i].Value));
            Text("\"");
        }
        Text(labels.Length > 0 ? "} " : " ");
        Text(Number(value));
        Text("\n");
    }

    internal static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private void Family(string name, string help, string type)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(NameCharacters) || char.IsAsciiDigit(name[0]))
            throw new ArgumentException($"A metric's name is of lower-case letters, digits and underscores; found '{name}'.", nameof(name));
        if (!_families.Add(name))
            throw new InvalidOperationException($"The family '{name}' has been written already; its samples must stand together.");
        _name = name;
        Text($"# HELP {name} {help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\n# TYPE {name} {type}\n");
    }

    private static string Escape(string value) => value.AsSpan().ContainsAny('\\', '"', '\n')
        ? value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)
        : value;

    private void Text(string text) => Encoding.UTF8.GetBytes(text, _output);
}

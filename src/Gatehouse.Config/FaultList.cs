using System.Globalization;
using System.Text;

namespace Gatehouse.Config;

/// <summary>Collects faults, up to a number that nobody reads beyond.</summary>
internal sealed class FaultList
{
    private const int Limit = 1_000;

    private readonly List<ConfigFault> _faults = [];

    /// <summary>Number of faults found, shown or not.</summary>
    public int Count { get; private set; }

    public void Add(SourceMark mark, string message)
    {
        Count++;
        if (_faults.Count < Limit)
            _faults.Add(new ConfigFault(mark, message.Any(char.IsControl) ? Printable(message) : message));
    }

    /// <summary>The faults in the order of the files and of the places in them.</summary>
    public IReadOnlyList<ConfigFault> Ordered(IReadOnlyList<string> files)
    {
        var order = files.Select((file, index) => (file, index)).ToDictionary(pair => pair.file, pair => pair.index);
        var ordered = _faults
            .OrderBy(fault => order.GetValueOrDefault(fault.Mark.File)).ThenBy(fault => fault.Mark.Line).ThenBy(fault => fault.Mark.Column)
            .ToList();
        if (Count > _faults.Count)
            ordered.Add(ordered[^1] with { Message = string.Create(CultureInfo.InvariantCulture, $"{Count - _faults.Count} further faults are not shown") });
        return ordered;
    }

    /// <summary>A fault is one line, and what a file holds must not steer the terminal that shows it.</summary>
    private static string Printable(string message)
    {
        var text = new StringBuilder(message.Length + 16);
        foreach (var c in message)
            _ = c == '\n' ? text.Append("\\n") : char.IsControl(c) ? text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}") : text.Append(c);
        return text.ToString();
    }
}

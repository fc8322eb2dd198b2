using System.Globalization;
using Gatehouse.Config.Yaml;
using Gatehouse.Http.Settings;

namespace Gatehouse.Config.Mapping;

/// <summary>Gives the faults that a check finds the places of their settings in the file.</summary>
internal sealed class NodeFaultSink(YamlNode root, string label, FaultList faults) : IFaultSink
{
    public void Report(string setting, string message)
    {
        ArgumentNullException.ThrowIfNull(setting);
        var node = root;
        foreach (var segment in setting.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Step(node, segment) is not { } inner)
                break;
            node = inner;
        }
        var place = setting.Length == 0 ? label : label.Length == 0 ? setting : $"{label}.{setting}";
        faults.Add(node.Mark, $"{place}: {message}");
    }

    private static YamlNode? Step(YamlNode node, string segment)
    {
        if (node is YamlMapping mapping)
            return mapping.Find(segment)?.Value;
        // What is no mapping stands for its record's shorthand, whose key is then not written.
        if (!int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return node;
        // A single item may stand without its list.
        return node is YamlSequence sequence && index < sequence.Items.Count ? sequence.Items[index] : index == 0 ? node : null;
    }
}

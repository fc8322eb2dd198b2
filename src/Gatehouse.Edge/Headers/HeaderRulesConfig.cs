using System.Text;
using Gatehouse.Http;
using Gatehouse.Http.Settings;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Headers;

/// <summary>What is done to the fields of one side: first fields are removed, then set, then added.</summary>
public sealed record HeaderRulesConfig : ICheckedSettings
{
    /// <summary>Fields that replace those of their name.</summary>
    [Setting("Fields that replace all of the same name")]
    public IReadOnlyDictionary<string, HeaderTemplate> Set { get; init; } = new Dictionary<string, HeaderTemplate>();

    /// <summary>Fields that stand beside those of their name.</summary>
    [Setting("Fields that are added to those of the same name")]
    public IReadOnlyDictionary<string, HeaderTemplate> Add { get; init; } = new Dictionary<string, HeaderTemplate>();

    /// <summary>Fields that are taken away.</summary>
    [Setting("Names of fields to remove")]
    public IReadOnlyList<string> Remove { get; init; } = [];

    /// <summary>True when there is nothing to do.</summary>
    public bool IsEmpty => Set.Count + Add.Count + Remove.Count == 0;

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        foreach (var name in Set.Keys)
            CheckName(faults, $"set.{name}", name);
        foreach (var name in Add.Keys)
            CheckName(faults, $"add.{name}", name);
        for (var i = 0; i < Remove.Count; i++)
            CheckName(faults, $"remove.{i}", Remove[i]);
    }

    private static void CheckName(IFaultSink faults, string setting, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (!HeaderSyntax.IsToken(bytes))
            faults.Report(setting, $"found the field name '{name}', expected letters, digits and !#$%&'*+-.^_`|~ (a token, RFC 9110 section 5.6.2)");
        else if (!HeaderEditor.MayChange(bytes))
            faults.Report(
                setting,
                $"found '{name}', expected a field that does not frame the message or speak of the connection: the server writes that one itself");
    }
}

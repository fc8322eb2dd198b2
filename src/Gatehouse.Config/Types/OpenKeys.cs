using System.Reflection;
using Gatehouse.Http.Settings;

namespace Gatehouse.Config.Types;

/// <summary>What supplies the keys that a record takes besides its own settings.</summary>
internal enum OpenKind
{
    Handler,
    Wrapper,
    Section,
}

/// <summary>Marks the property that takes the keys which features or sections supply.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OpenKeysAttribute(OpenKind kind) : Attribute
{
    public OpenKind Kind => kind;
}

/// <summary>Such a property of a record.</summary>
internal sealed record OpenSlot(PropertyInfo Property, OpenKind Kind);

/// <summary>One key that a feature or section supplies.</summary>
/// <param name="Kind">What supplies it.</param>
/// <param name="Key">The key.</param>
/// <param name="Summary">One sentence for help and reference.</param>
/// <param name="ConfigType">The type of its settings.</param>
/// <param name="Validate">Checks an instance of it.</param>
/// <param name="Use">Makes of an instance what the record's property holds.</param>
internal sealed record OpenKey(OpenKind Kind, string Key, string Summary, Type ConfigType, Action<object, IFaultSink> Validate, Func<object, object> Use)
{
    public SettingType Type => SettingType.Of(ConfigType);
}

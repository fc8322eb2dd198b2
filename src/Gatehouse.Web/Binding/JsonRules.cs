using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace Gatehouse.Web;

/// <summary>What the framework adds to how types are read as JSON.</summary>
internal static class JsonRules
{
    /// <summary>Has JSON set no property with <see cref="BindNeverAttribute"/>.</summary>
    public static void Apply(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AttributeProvider is MemberInfo member && member.IsDefined(typeof(BindNeverAttribute)))
                property.Set = null;
        }
    }
}

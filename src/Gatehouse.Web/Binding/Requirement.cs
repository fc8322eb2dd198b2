using System.Reflection;
using System.Runtime.CompilerServices;

namespace Gatehouse.Web;

/// <summary>Tells what a request must have from what it may leave out, by the types that the code declares.</summary>
internal static class Requirement
{
    private static readonly Lock Reading = new();
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>True for a parameter that has no default and is not nullable.</summary>
    public static bool Of(ParameterInfo parameter)
    {
        if (parameter.HasDefaultValue || Nullable.GetUnderlyingType(parameter.ParameterType) is not null)
            return false;
        lock (Reading)
            return parameter.ParameterType.IsValueType || Nullability.Create(parameter).WriteState != NullabilityState.Nullable;
    }

    /// <summary>True for a property that is declared as required: any other keeps the value that its class gives it.</summary>
    public static bool Of(PropertyInfo property) => property.IsDefined(typeof(RequiredMemberAttribute));
}

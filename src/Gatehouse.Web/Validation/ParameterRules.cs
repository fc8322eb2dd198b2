using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Gatehouse.Web;

/// <summary>The rules that stand on a parameter of a handler.</summary>
internal static class ParameterRules
{
    /// <summary>The rules; null for none.</summary>
    public static ValidationAttribute[]? For<T>(ParameterInfo parameter)
    {
        var rules = parameter.GetCustomAttributes<ValidationAttribute>().ToArray();
        return rules.Length == 0 ? null : rules;
    }
}

/// <summary>A parameter whose value must meet rules.</summary>
internal sealed class ValidatedBinder<T>(Binder<T> inner, ValidationAttribute[] rules, string name) : Binder<T>
{
    public override T Bind(Call call)
    {
        var value = inner.Bind(call);
        if (call.HasFaults)
            return value;
        var context = new ValidationContext(value ?? (object)name, call.Services, null) { MemberName = name, DisplayName = name };
        foreach (var rule in rules)
        {
            if (rule.GetValidationResult(value, context) is { } broken)
                call.Fault(name, broken.ErrorMessage ?? "is wrong");
        }
        return value;
    }
}

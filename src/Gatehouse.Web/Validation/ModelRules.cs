using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Gatehouse.Web;

/// <summary>
/// The rules of one type: the attributes of System.ComponentModel.DataAnnotations on its properties and, for records, on the parameters of its constructor;
/// its own <see cref="IValidatableObject"/>; and those of what it holds.
/// </summary>
internal sealed class ModelRules
{
    // Objects in objects, and items of a list: what a body of the greatest size can hold is bounded, and so is the work.
    private const int MaxDepth = 16;

    private static readonly ConcurrentDictionary<Type, ModelRules> Known = new();

    private readonly ValidationAttribute[] _own;
    private readonly Member[] _members;

    private ModelRules(Type type)
    {
        _own = [.. type.GetCustomAttributes<ValidationAttribute>(inherit: true)];
        var parameters = type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).ToLookup(parameter => parameter.Name!, StringComparer.OrdinalIgnoreCase);
        _members =
        [
            .. IsPlain(type) ? [] : type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
                .Where(property => property.CanRead && property.GetIndexParameters().Length == 0)
                .Select(property => new Member(
                    property,
                    char.ToLowerInvariant(property.Name[0]) + property.Name[1..],
                    property.GetCustomAttribute<DisplayAttribute>()?.GetName() ?? property.Name,
                    [.. property.GetCustomAttributes<ValidationAttribute>(inherit: true).Concat(parameters[property.Name].SelectMany(parameter => parameter.GetCustomAttributes<ValidationAttribute>()))],
                    !IsPlain(property.PropertyType)))
                .Where(member => member.Rules.Length > 0 || member.IsDeep),
        ];
    }

    /// <summary>The rules of a type, read once.</summary>
    public static ModelRules For(Type type) => Known.GetOrAdd(type, static type => new ModelRules(type));

    /// <summary>Checks an object, and tells of each field that breaks a rule.</summary>
    public void Check(object value, IServiceProvider services, Action<string, string> fault) => Check(value, "", services, fault, 0);

    private void Check(object value, string prefix, IServiceProvider services, Action<string, string> fault, int depth)
    {
        if (value is IEnumerable list and not string)
        {
            var index = 0;
            foreach (var item in list)
            {
                if (item is not null && !IsPlain(item.GetType()) && depth < MaxDepth)
                    For(item.GetType()).Check(item, $"{prefix.TrimEnd('.')}[{index}].", services, fault, depth + 1);
                index++;
            }
            return;
        }
        var isRight = true;
        foreach (var member in _members)
        {
            var context = new ValidationContext(value, services, null) { MemberName = member.Property.Name, DisplayName = member.Display };
            var found = member.Property.GetValue(value);
            foreach (var rule in member.Rules)
            {
                if (rule.GetValidationResult(found, context) is not { } broken)
                    continue;
                isRight = false;
                fault(prefix + member.Name, broken.ErrorMessage ?? "is wrong");
            }
            if (found is not null && member.IsDeep && depth < MaxDepth)
                For(found.GetType()).Check(found, $"{prefix}{member.Name}.", services, fault, depth + 1);
        }
        foreach (var rule in _own)
        {
            if (rule.GetValidationResult(value, new ValidationContext(value, services, null)) is { } broken)
                Tell(broken, prefix, fault);
        }
        // As the base class library does it: what an object says of itself counts once its members are right.
        if (isRight && value is IValidatableObject self)
        {
            foreach (var broken in self.Validate(new ValidationContext(value, services, null)))
                Tell(broken, prefix, fault);
        }
    }

    private static void Tell(ValidationResult broken, string prefix, Action<string, string> fault)
    {
        var names = broken.MemberNames.DefaultIfEmpty("");
        foreach (var name in names)
            fault(name.Length == 0 ? prefix.TrimEnd('.') : prefix + char.ToLowerInvariant(name[0]) + name[1..], broken.ErrorMessage ?? "is wrong");
    }

    // Values have no members with rules, and neither has what the system declares, lists aside.
    private static bool IsPlain(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string)
        || (type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true && !typeof(IEnumerable).IsAssignableFrom(type))
        || type.Namespace?.StartsWith("Gatehouse.Http", StringComparison.Ordinal) == true;

    private sealed record Member(PropertyInfo Property, string Name, string Display, ValidationAttribute[] Rules, bool IsDeep);
}

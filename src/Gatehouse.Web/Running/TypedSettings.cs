using Microsoft.Extensions.Configuration;

namespace Gatehouse.Web;

/// <summary>A section of the settings that is an object.</summary>
internal interface ITypedSettings
{
    /// <summary>Tells of each fault.</summary>
    void Check(IServiceProvider services, List<string> faults);
}

/// <summary>Checks all sections, and tells of all faults at once.</summary>
internal static class TypedSettings
{
    /// <exception cref="SettingsException">Something is wrong.</exception>
    public static void Check(IEnumerable<ITypedSettings> sections, IServiceProvider services)
    {
        var faults = new List<string>();
        foreach (var section in sections)
            section.Check(services, faults);
        if (faults.Count > 0)
            throw new SettingsException(string.Join('\n', faults));
    }
}

/// <summary>A section of the settings as a <typeparamref name="T"/>.</summary>
internal sealed class TypedSettings<T>(string section, IConfiguration configuration) : ITypedSettings
    where T : class
{
    private T? _value;

    public T Value => _value ??= Read();

    public void Check(IServiceProvider services, List<string> faults)
    {
        try
        {
            ModelRules.For(typeof(T)).Check(Value, services, (field, message) => faults.Add($"{section}:{field}: {message}"));
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or MissingMethodException)
        {
            faults.Add($"{section}: {exception.Message}{(exception.InnerException is { } inner ? $" ({inner.Message})" : "")}");
        }
    }

    // Without the section at all the type's own defaults hold, where it has some for everything.
    private T Read() => configuration.GetSection(section).Get<T>(static options => options.ErrorOnUnknownConfiguration = true)
        ?? new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("x", (string?)null)]).Build().Get<T>()
        ?? throw new InvalidOperationException("the section is missing");
}

using Gatehouse.Http.Settings;

namespace Gatehouse.Config;

/// <summary>What a further key of the top level stands for (<c>dns</c>, <c>streams</c>): its name, its summary and the type of its settings.</summary>
public abstract class Section
{
    private protected Section(string key, string summary)
    {
        Key = key;
        Summary = summary;
    }

    /// <summary>The key in the configuration, in kebab-case.</summary>
    public string Key { get; }

    /// <summary>One sentence for help and reference, without a full stop at its end.</summary>
    public string Summary { get; }

    /// <summary>The type of its settings: a record that declares them, or an <c>IReadOnlyList</c> or <c>IReadOnlyDictionary</c> of such.</summary>
    public abstract Type ConfigType { get; }

    /// <summary>Reports what is wrong with <paramref name="config"/>, an instance of <see cref="ConfigType"/>, beyond what its declaration says.</summary>
    public abstract void Validate(object config, IFaultSink faults);
}

/// <summary>A section whose settings are a <typeparamref name="TConfig"/>.</summary>
/// <param name="key">The key in the configuration.</param>
/// <param name="summary">One sentence for help and reference.</param>
public class Section<TConfig>(string key, string summary) : Section(key, summary)
    where TConfig : class
{
    /// <inheritdoc/>
    public sealed override Type ConfigType => typeof(TConfig);

    /// <inheritdoc/>
    public sealed override void Validate(object config, IFaultSink faults) => Validate((TConfig)config, faults);

    /// <summary>Reports what is wrong with <paramref name="config"/> beyond what its declaration says; nothing unless overridden.</summary>
    protected virtual void Validate(TConfig config, IFaultSink faults)
    {
    }
}

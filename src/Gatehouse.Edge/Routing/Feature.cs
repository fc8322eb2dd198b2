using Gatehouse.Http;
using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Routing;

/// <summary>
/// What one key of a route or a site stands for: the face that a feature shows to the configuration. A feature is a
/// <see cref="HandlerFeature{TConfig}"/> or a <see cref="WrapperFeature{TConfig}"/>; it is stateless, and the program has one list of all of them.
/// </summary>
public abstract class Feature
{
    private protected Feature(string key, string summary)
    {
        Key = key;
        Summary = summary;
    }

    /// <summary>The key in the configuration, in kebab-case: <c>files</c>, <c>proxy</c>, <c>compress</c>.</summary>
    public string Key { get; }

    /// <summary>One sentence for help and reference, without a full stop at its end.</summary>
    public string Summary { get; }

    /// <summary>Whether it answers requests or wraps what does.</summary>
    public abstract FeatureKind Kind { get; }

    /// <summary>The type of its settings, declared by <see cref="SettingAttribute"/>.</summary>
    public abstract Type ConfigType { get; }

    /// <summary>Reports what is wrong with <paramref name="config"/>, an instance of <see cref="ConfigType"/>, beyond what its declaration says.</summary>
    public abstract void Validate(object config, IFaultSink faults);
}

/// <summary>Where a <see cref="Feature"/> stands in a route.</summary>
public enum FeatureKind
{
    /// <summary>Answers the request; a route has exactly one.</summary>
    Handler,

    /// <summary>Wraps the handler; stands at a site or a route, and the route's wins.</summary>
    Wrapper,
}

/// <summary>A feature that answers requests.</summary>
/// <typeparam name="TConfig">Its settings, an immutable record.</typeparam>
/// <param name="key">The key in the configuration.</param>
/// <param name="summary">One sentence for help and reference.</param>
public abstract class HandlerFeature<TConfig>(string key, string summary) : Feature(key, summary), IHandlerFeature
    where TConfig : class
{
    /// <inheritdoc/>
    public sealed override FeatureKind Kind => FeatureKind.Handler;

    /// <inheritdoc/>
    public sealed override Type ConfigType => typeof(TConfig);

    /// <inheritdoc/>
    public sealed override void Validate(object config, IFaultSink faults) => Validate((TConfig)config, faults);

    /// <summary>Makes the handler. It must not fail for what may come and go (an absent upstream, a broken application): such a handler answers 503.</summary>
    public abstract IHandler Build(TConfig config, FeatureContext context);

    /// <summary>Reports what is wrong with <paramref name="config"/> beyond what its declaration says; nothing unless overridden.</summary>
    protected virtual void Validate(TConfig config, IFaultSink faults)
    {
    }

    IHandler IHandlerFeature.Build(object config, FeatureContext context) => Build((TConfig)config, context);
}

/// <summary>A feature that wraps a handler in another.</summary>
/// <typeparam name="TConfig">Its settings, an immutable record.</typeparam>
/// <param name="key">The key in the configuration.</param>
/// <param name="summary">One sentence for help and reference.</param>
/// <param name="ordinal">Its place among the wrappers of a route: the lowest is outermost and sees the request first.</param>
public abstract class WrapperFeature<TConfig>(string key, string summary, int ordinal) : Feature(key, summary), IWrapperFeature
    where TConfig : class
{
    /// <inheritdoc/>
    public sealed override FeatureKind Kind => FeatureKind.Wrapper;

    /// <inheritdoc/>
    public sealed override Type ConfigType => typeof(TConfig);

    /// <inheritdoc/>
    public int Ordinal => ordinal;

    /// <inheritdoc/>
    public sealed override void Validate(object config, IFaultSink faults) => Validate((TConfig)config, faults);

    /// <summary>Makes a handler around <paramref name="inner"/>; null when the settings say that there is nothing to do (<c>compress: off</c>).</summary>
    public abstract IHandler? Wrap(TConfig config, IHandler inner, FeatureContext context);

    /// <summary>Reports what is wrong with <paramref name="config"/> beyond what its declaration says; nothing unless overridden.</summary>
    protected virtual void Validate(TConfig config, IFaultSink faults)
    {
    }

    IHandler? IWrapperFeature.Wrap(object config, IHandler inner, FeatureContext context) => Wrap((TConfig)config, inner, context);
}

/// <summary>A <see cref="HandlerFeature{TConfig}"/> whatever its settings are.</summary>
public interface IHandlerFeature
{
    /// <summary>Makes the handler from <paramref name="config"/>, an instance of <see cref="Feature.ConfigType"/>.</summary>
    IHandler Build(object config, FeatureContext context);
}

/// <summary>A <see cref="WrapperFeature{TConfig}"/> whatever its settings are.</summary>
public interface IWrapperFeature
{
    /// <summary>Its place among the wrappers of a route: the lowest is outermost and sees the request first.</summary>
    int Ordinal { get; }

    /// <summary>Makes a handler around <paramref name="inner"/> from <paramref name="config"/>; null when there is nothing to do.</summary>
    IHandler? Wrap(object config, IHandler inner, FeatureContext context);
}

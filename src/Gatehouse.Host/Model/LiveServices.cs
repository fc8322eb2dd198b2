namespace Gatehouse.Host.Model;

/// <summary>The objects that outlive a configuration (upstreams, logs, metrics), found by their type: what features ask for when they are built.</summary>
internal sealed class LiveServices : IServiceProvider, IDisposable
{
    private readonly Dictionary<Type, object> _services = [];

    public T Add<T>(T service)
        where T : class
    {
        _services.Add(typeof(T), service);
        return service;
    }

    public object? GetService(Type serviceType) => _services.GetValueOrDefault(serviceType);

    public void Dispose()
    {
        foreach (var service in _services.Values)
            (service as IDisposable)?.Dispose();
    }
}

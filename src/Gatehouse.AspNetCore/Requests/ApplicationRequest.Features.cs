using System.Collections;
using Gatehouse.Http;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.AspNetCore.Requests;

/// <summary>The collection of features: most are the request itself, some belong to its connection or its protocol, and the application may set others.</summary>
internal abstract partial class ApplicationRequest : IFeatureCollection, IEndpointFeature, IRouteValuesFeature, IItemsFeature
{
    private KeyValuePair<Type, object?>[] _set = new KeyValuePair<Type, object?>[8];
    private int _setCount;
    private RouteValueDictionary? _routeValues;
    private IDictionary<object, object?>? _items;
    private UpgradeFeature? _upgrade;
    private StreamFeature? _stream;

    public bool IsReadOnly => false;

    public int Revision { get; private set; }

    public Endpoint? Endpoint { get; set; }

    public RouteValueDictionary RouteValues
    {
        get => _routeValues ??= [];
        set => _routeValues = value;
    }

    public IDictionary<object, object?> Items
    {
        get => _items ??= new Dictionary<object, object?>();
        set => _items = value;
    }

    public object? this[Type key]
    {
        get => TryFindSet(key, out var value) ? value : key.IsInstanceOfType(this) ? this : FindOther(key);
        set => Put(key, value);
    }

    public TFeature? Get<TFeature>()
    {
        if (_setCount > 0 && TryFindSet(typeof(TFeature), out var value))
            return (TFeature?)value;
        return this is TFeature own ? own : (TFeature?)FindOther(typeof(TFeature));
    }

    public void Set<TFeature>(TFeature? instance) => Put(typeof(TFeature), instance);

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator()
    {
        for (var i = 0; i < _setCount; i++)
        {
            if (_set[i].Value is { } value)
                yield return new(_set[i].Key, value);
        }
        foreach (var type in RequestFeatures.Types)
        {
            if (!TryFindSet(type, out _) && this[type] is { } feature)
                yield return new(type, feature);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void BeginFeatures() => Revision++;

    private void ResetFeatures()
    {
        Array.Clear(_set, 0, _setCount);
        _setCount = 0;
        Endpoint = null;
        _routeValues = null;
        _items = null;
        ResetRequest();
        ResetResponse();
    }

    private bool TryFindSet(Type type, out object? value)
    {
        for (var i = 0; i < _setCount; i++)
        {
            if (_set[i].Key == type)
            {
                value = _set[i].Value;
                return true;
            }
        }
        value = null;
        return false;
    }

    private void Put(Type type, object? value)
    {
        Revision++;
        for (var i = 0; i < _setCount; i++)
        {
            if (_set[i].Key == type)
            {
                _set[i] = new(type, value);
                return;
            }
        }
        if (_setCount == _set.Length)
            Array.Resize(ref _set, _setCount * 2);
        _set[_setCount++] = new(type, value);
    }

    private object? FindOther(Type type)
    {
        if (type == typeof(IHttpConnectionFeature) || type == typeof(IConnectionItemsFeature))
            return _connection;
        if (type == typeof(ITlsConnectionFeature) || type == typeof(ITlsHandshakeFeature))
            return _connection.Tls;
        if (_exchange is null)
            return null;
        if (type == typeof(IHttpUpgradeFeature))
            return _exchange.Request.Version == HttpVersion.Http2 ? null : _upgrade ??= new UpgradeFeature(this);
        if (type == typeof(IHttpExtendedConnectFeature) || type == typeof(IHttpResetFeature))
            return _exchange.Request.Version == HttpVersion.Http2 ? _stream ??= new StreamFeature(this) : null;
        return null;
    }
}

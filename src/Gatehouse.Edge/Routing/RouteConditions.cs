using System.Text;
using Gatehouse.Http;
using Gatehouse.Http.Urls;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Routing;

/// <summary>The method is one of some; GET includes HEAD.</summary>
public sealed class MethodCondition : RouteCondition
{
    private readonly byte[][] _names;

    /// <summary>A condition on the method's token, which is case-sensitive (RFC 9110 section 9.1).</summary>
    public MethodCondition(IEnumerable<string> names) => _names = [.. names.Select(Encoding.ASCII.GetBytes)];

    /// <inheritdoc/>
    public override bool Holds(Exchange exchange)
    {
        var method = exchange.Request.Method == Method.Head ? "GET"u8 : exchange.Request.MethodName;
        foreach (var name in _names)
        {
            if (method.SequenceEqual(name) || exchange.Request.MethodName.SequenceEqual(name))
                return true;
        }
        return false;
    }
}

/// <summary>A field has a value, or any value.</summary>
public sealed class HeaderCondition(string name, string value) : RouteCondition
{
    private readonly byte[] _name = Encoding.ASCII.GetBytes(name);
    private readonly byte[]? _value = value == "*" ? null : Encoding.UTF8.GetBytes(value);
    private readonly KnownHeader _known = KnownHeaders.Find(Encoding.ASCII.GetBytes(name));

    /// <inheritdoc/>
    public override bool Holds(Exchange exchange)
    {
        var headers = exchange.Request.Headers;
        for (var i = 0; i < headers.Count; i++)
        {
            var field = headers[i];
            if (_known != KnownHeader.None ? field.Known != _known : !Ascii.EqualsIgnoreCase(field.Name, _name))
                continue;
            if (_value is null || field.Value.SequenceEqual(_value))
                return true;
        }
        return false;
    }
}

/// <summary>A query parameter has a value, or any value.</summary>
public sealed class QueryCondition(string name, string value) : RouteCondition
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(name);
    private readonly byte[]? _value = value == "*" ? null : Encoding.UTF8.GetBytes(value);

    /// <inheritdoc/>
    public override bool Holds(Exchange exchange)
    {
        var query = new FormUrlEncodedReader(exchange.Request.Query);
        while (query.TryRead(out var pair))
        {
            if (Is(pair.RawName, _name) && (_value is null || Is(pair.RawValue, _value)))
                return true;
        }
        return false;
    }

    private static bool Is(ReadOnlySpan<byte> raw, byte[] wanted)
    {
        // Decoding never makes text longer; what is longer than this is not what a configuration asks for.
        if (raw.Length > 1024)
            return false;
        Span<byte> decoded = stackalloc byte[raw.Length];
        return decoded[..FormUrlEncodedPair.Decode(raw, decoded)].SequenceEqual(wanted);
    }
}

/// <summary>The client's address is in one of some prefixes.</summary>
public sealed class ClientCondition(IReadOnlyList<IpPrefix> prefixes) : RouteCondition
{
    /// <inheritdoc/>
    public override bool Holds(Exchange exchange)
    {
        var address = exchange.Request.Client.Address;
        for (var i = 0; i < prefixes.Count; i++)
        {
            if (prefixes[i].Contains(address))
                return true;
        }
        return false;
    }
}

/// <summary>The host is one of some names.</summary>
public sealed class HostCondition(SiteTable names, IHandler marker) : RouteCondition
{
    /// <inheritdoc/>
    public override bool Holds(Exchange exchange) => ReferenceEquals(names.Find(exchange.Request.Host), marker);
}

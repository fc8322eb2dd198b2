using System.Buffers;
using System.Text;
using Gatehouse.Http;

namespace Gatehouse.Edge.Headers;

/// <summary>The rules of one side, ready to apply: names and constant values are bytes already.</summary>
internal sealed class HeaderRules
{
    private static readonly SearchValues<byte> Forbidden = SearchValues.Create("\r\n\0"u8);
    private readonly byte[][] _remove;
    private readonly (byte[] Name, HeaderTemplate Value)[] _set;
    private readonly (byte[] Name, HeaderTemplate Value)[] _add;

    public HeaderRules(HeaderRulesConfig config)
    {
        _remove = [.. config.Remove.Select(Encoding.ASCII.GetBytes)];
        _set = [.. config.Set.Select(rule => (Encoding.ASCII.GetBytes(rule.Key), rule.Value))];
        _add = [.. config.Add.Select(rule => (Encoding.ASCII.GetBytes(rule.Key), rule.Value))];
    }

    /// <summary>Changes the request's fields.</summary>
    /// <exception cref="BadRequestException">A value would hold CR, LF or NUL, which a variable brought in.</exception>
    public void ApplyToRequest(Exchange exchange)
    {
        // Values are those of the request as it came: no rule sees what another did.
        var headers = exchange.Request.EditHeaders();
        foreach (var name in _remove)
            headers.Remove(name);
        Span<byte> room = stackalloc byte[512];
        foreach (var (name, template) in _set)
        {
            if (!TryExpand(template, exchange, room, out var value))
                throw Unsafe(name);
            headers.Set(name, value);
        }
        foreach (var (name, template) in _add)
        {
            if (!TryExpand(template, exchange, room, out var value))
                throw Unsafe(name);
            headers.Add(name, value);
        }
    }

    /// <summary>
    /// Changes the answer's fields. A value that would hold CR, LF or NUL is left out, and noted: the answer itself is no fault of the client's.
    /// </summary>
    public void ApplyToResponse(Exchange exchange)
    {
        var headers = exchange.Response.Headers;
        foreach (var name in _remove)
            headers.Remove(name);
        Span<byte> room = stackalloc byte[512];
        foreach (var (name, template) in _set)
        {
            headers.Remove(name);
            if (TryExpand(template, exchange, room, out var value))
                headers.Add(name, value);
            else
                exchange.Notes.Failure ??= "a header rule's value would have held a line break or NUL";
        }
        foreach (var (name, template) in _add)
        {
            if (TryExpand(template, exchange, room, out var value))
                headers.Add(name, value);
            else
                exchange.Notes.Failure ??= "a header rule's value would have held a line break or NUL";
        }
    }

    private static BadRequestException Unsafe(byte[] name) =>
        new($"the value of {Encoding.ASCII.GetString(name)} would hold a line break or NUL that the request brought in");

    private static bool TryExpand(HeaderTemplate template, Exchange exchange, Span<byte> room, out ReadOnlySpan<byte> value)
    {
        if (template.IsConstant)
        {
            value = template.Constant;
            return true;
        }
        int written;
        // Bounded by the request's head, of which each variable is a part.
        while (!template.TryWrite(exchange, room, out written))
            room = new byte[room.Length * 2];
        value = room[..written];
        return value.IndexOfAny(Forbidden) < 0;
    }
}

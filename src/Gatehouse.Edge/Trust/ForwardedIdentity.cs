using System.Text;
using Gatehouse.Http;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Trust;

/// <summary>Reads who the client is from what trusted proxies wrote: Forwarded (RFC 7239) where it is present, else X-Forwarded-For and X-Forwarded-Proto.</summary>
internal static class ForwardedIdentity
{
    /// <summary>Sets client, scheme and the mark of a trusted peer on <paramref name="request"/>.</summary>
    public static void Apply(Request request, Func<IpAddress, bool> isTrusted)
    {
        request.IsViaTrustedProxy = true;
        var headers = request.Headers;
        if (headers.Contains(KnownHeader.Forwarded))
        {
            ApplyForwarded(request, isTrusted);
            return;
        }
        for (var i = headers.Count - 1; i >= 0; i--)
        {
            if (headers[i].Known == KnownHeader.XForwardedFor && !Walk(headers[i].Value, request, isTrusted, isForwarded: false))
                break;
        }
        if (headers.TryGet(KnownHeader.XForwardedProto, out var proto))
            request.IsSecure = Ascii.EqualsIgnoreCase(LastOf(proto), "https"u8);
    }

    private static void ApplyForwarded(Request request, Func<IpAddress, bool> isTrusted)
    {
        var headers = request.Headers;
        for (var i = headers.Count - 1; i >= 0; i--)
        {
            if (headers[i].Known == KnownHeader.Forwarded && !Walk(headers[i].Value, request, isTrusted, isForwarded: true))
                break;
        }
    }

    // From the right, as long as who is named is trusted too. False when the client was found or cannot be told.
    private static bool Walk(ReadOnlySpan<byte> list, Request request, Func<IpAddress, bool> isTrusted, bool isForwarded)
    {
        while (!list.IsEmpty)
        {
            var comma = isForwarded ? LastComma(list) : list.LastIndexOf((byte)',');
            var member = list[(comma + 1)..].Trim(" \t"u8);
            list = comma < 0 ? default : list[..comma];
            if (member.IsEmpty)
                continue;
            var node = member;
            if (isForwarded)
            {
                var proto = Parameter(member, "proto"u8);
                if (!proto.IsEmpty)
                    request.IsSecure = Ascii.EqualsIgnoreCase(proto, "https"u8);
                node = Parameter(member, "for"u8);
            }
            if (!TryNode(node, out var endpoint))
                return false;
            request.Client = endpoint;
            if (!isTrusted(endpoint.Address))
                return false;
        }
        return true;
    }

    private static ReadOnlySpan<byte> LastOf(ReadOnlySpan<byte> list) => list[(list.LastIndexOf((byte)',') + 1)..].Trim(" \t"u8);

    // The last comma outside of quoted strings, found from the right: what a stranger wrote further left, an opening quote without its end say, changes
    // nothing about what our proxy wrote behind it.
    private static int LastComma(ReadOnlySpan<byte> list)
    {
        var isQuoted = false;
        for (var at = list.Length - 1; at >= 0; at--)
        {
            if (list[at] == '"' && !IsEscaped(list[..at]))
                isQuoted = !isQuoted;
            else if (list[at] == ',' && !isQuoted)
                return at;
        }
        return -1;
    }

    // quoted-pair = "\" ( HTAB / SP / VCHAR / obs-text ) (RFC 9110 section 5.6.4): an odd number of backslashes escapes what follows.
    private static bool IsEscaped(ReadOnlySpan<byte> before) => ((before.Length - before.TrimEnd((byte)'\\').Length) & 1) == 1;

    // forwarded-element = [ forwarded-pair ] *( ";" [ forwarded-pair ] ); forwarded-pair = token "=" ( token / quoted-string ) (RFC 7239 section 4).
    private static ReadOnlySpan<byte> Parameter(ReadOnlySpan<byte> element, ReadOnlySpan<byte> name)
    {
        var parameters = new HeaderParameters(element);
        var first = parameters.Item;
        if (first.IndexOf((byte)'=') is var equals and > 0 && Ascii.EqualsIgnoreCase(first[..equals], name))
            return Unquoted(first[(equals + 1)..]);
        while (parameters.MoveNext())
        {
            if (Ascii.EqualsIgnoreCase(parameters.Name, name))
                return Unquoted(parameters.Value);
        }
        return default;
    }

    private static ReadOnlySpan<byte> Unquoted(ReadOnlySpan<byte> value) => value is [(byte)'"', .. var inside, (byte)'"'] ? inside : value;

    // node = IPv4address / "[" IPv6address "]", with an optional port; X-Forwarded-For also has bare IPv6 addresses.
    private static bool TryNode(ReadOnlySpan<byte> node, out Endpoint endpoint)
    {
        endpoint = default;
        if (IpAddress.TryParse(node, out var address))
        {
            endpoint = new Endpoint(address, 0);
            return true;
        }
        if (node is [(byte)'[', .., (byte)']'] && IpAddress.TryParse(node[1..^1], out address))
        {
            endpoint = new Endpoint(address, 0);
            return true;
        }
        // An address is what a configuration may leave out, and a proxy may not.
        return node is { Length: <= 64 } and not [(byte)':', ..] && Endpoint.TryParse(Encoding.ASCII.GetString(node), out endpoint, out _) && !endpoint.IsUnix;
    }
}

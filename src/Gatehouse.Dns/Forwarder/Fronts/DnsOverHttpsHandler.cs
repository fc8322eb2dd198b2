using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Gatehouse.Dns.Forwarder.Queries;
using Gatehouse.Http;
using Gatehouse.Http.Tasks;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Dns.Forwarder.Fronts;

/// <summary>DNS over HTTPS (RFC 8484): a query in the body of POST, or in the parameter dns of GET.</summary>
internal sealed class DnsOverHttpsHandler(DnsForwarder forwarder) : IHandler
{
    private static ReadOnlySpan<byte> MessageType => "application/dns-message"u8;

    public ValueTask HandleAsync(Exchange exchange)
    {
        if (Reactor.Current is not { } reactor || forwarder.LaneOn(reactor) is not { } lane)
        {
            exchange.Response.Status = 503;
            return default;
        }

        switch (exchange.Request.Method)
        {
            case Method.Get:
                return GetAsync(exchange, lane);
            case Method.Post when IsMessage(exchange):
                return PostAsync(exchange, lane);
            case Method.Post:
                exchange.Response.Status = 415;
                return default;
            default:
                exchange.Response.Status = 405;
                exchange.Response.Headers.Add(KnownHeader.Allow, "GET, POST"u8);
                return default;
        }
    }

    private static bool IsMessage(Exchange exchange) =>
        exchange.Request.Headers.TryGet(KnownHeader.ContentType, out var type)
        && type.Length >= MessageType.Length && Ascii.EqualsIgnoreCase(type[..MessageType.Length], MessageType)
        && (type.Length == MessageType.Length || type[MessageType.Length] is (byte)';' or (byte)' ');

    private static ReadOnlySpan<byte> Parameter(ReadOnlySpan<byte> query)
    {
        while (!query.IsEmpty)
        {
            var end = query.IndexOf((byte)'&');
            var pair = end < 0 ? query : query[..end];
            if (pair.StartsWith("dns="u8))
                return pair[4..];
            query = end < 0 ? default : query[(end + 1)..];
        }

        return default;
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private static async ValueTask GetAsync(Exchange exchange, Lane lane)
    {
        var buffers = lane.Reactor.Buffers;
        var query = buffers.RentLarge();
        try
        {
            if (!TryDecode(Parameter(exchange.Request.Query), query, out var length))
                exchange.Response.Status = 400;
            else
                await AnswerAsync(exchange, lane, query, length);
        }
        finally
        {
            buffers.Return(query);
        }
    }

    private static bool TryDecode(ReadOnlySpan<byte> text, byte[] query, out int length)
    {
        length = 0;
        return !text.IsEmpty && Base64Url.IsValid(text, out var decoded) && decoded <= query.Length && Base64Url.TryDecodeFromUtf8(text, query, out length);
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private static async ValueTask PostAsync(Exchange exchange, Lane lane)
    {
        var buffers = lane.Reactor.Buffers;
        var query = buffers.RentLarge();
        try
        {
            var length = 0;
            while (length < query.Length && await exchange.ReadAsync(query.AsMemory(length)) is > 0 and var count)
                length += count;
            if (length > Lane.MaxMessage)
                exchange.Response.Status = 413;
            else
                await AnswerAsync(exchange, lane, query, length);
        }
        finally
        {
            buffers.Return(query);
        }
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private static async ValueTask AnswerAsync(Exchange exchange, Lane lane, byte[] query, int length)
    {
        var buffers = lane.Reactor.Buffers;
        var room = buffers.RentLarge();
        try
        {
            var wait = new DnsOverHttpsWait();
            var client = new Client(exchange.Request.Client.Address, ClientKind.Https, Lane.MaxMessage);
            var outcome = lane.Answer(query.AsSpan(0, length), client, default, wait, null, room, out var count, out var left);
            if (outcome == QueryOutcome.Dropped)
            {
                exchange.Response.Status = 400;
                return;
            }

            ReadOnlyMemory<byte> answer = room.AsMemory(0, count);
            if (outcome == QueryOutcome.Waits)
                (answer, left) = await wait.Task;
            AddFields(exchange, left);
            await exchange.SendAsync(answer);
        }
        finally
        {
            buffers.Return(room);
        }
    }

    // RFC 8484 section 5.1: no longer fresh than the answer.
    private static void AddFields(Exchange exchange, uint left)
    {
        exchange.Response.Headers.Add(KnownHeader.ContentType, MessageType);
        Span<byte> field = stackalloc byte[24];
        "max-age="u8.CopyTo(field);
        left.TryFormat(field[8..], out var digits, provider: CultureInfo.InvariantCulture);
        exchange.Response.Headers.Add(KnownHeader.CacheControl, field[..(8 + digits)]);
    }
}

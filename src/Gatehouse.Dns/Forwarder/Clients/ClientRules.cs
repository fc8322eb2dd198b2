using Gatehouse.Dns.Forwarder.Settings;
using Gatehouse.Http.Settings;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Dns.Forwarder.Clients;

/// <summary>Who may ask, and how much: for one reactor.</summary>
internal sealed class ClientRules
{
    // Every second answer beyond the rate is an empty one that asks to come over TCP, so that a client whose address others use still gets through (slip 2, as
    // in BIND and Knot).
    private const int Slip = 2;

    private readonly IpPrefix[] _allowed;
    private readonly RateTable? _queries;
    private readonly bool _isPerClient;
    private readonly RateTable? _responses;
    private int _slips;
    private IpAddress _lastAllowed;

    internal ClientRules(DnsConfig config)
    {
        _allowed = [.. config.Allow];
        if (config.Limits.Rate is { } rate)
        {
            _queries = new RateTable(rate.PerSecond, rate.Burst);
            _isPerClient = rate.Per == RateKey.Ip;
        }

        if (config.Limits.Responses is { } responses)
            _responses = new RateTable(responses.PerSecond, responses.Burst);
    }

    /// <summary>True when answers over UDP are counted.</summary>
    internal bool CountsResponses => _responses is not null;

    /// <summary>True when a client may ask.</summary>
    internal bool IsAllowed(in IpAddress client)
    {
        if (client == _lastAllowed)
            return true;
        foreach (var prefix in _allowed)
        {
            if (!prefix.Contains(client))
                continue;
            _lastAllowed = client;
            return true;
        }

        // Over a Unix socket or from memory: whoever may connect there.
        return client.IsNone;
    }

    /// <summary>True when a client has not asked too much.</summary>
    internal bool MayAsk(in IpAddress client, long now) => _queries is null || _queries.TryTake(_isPerClient ? KeyOf(client, 32, 64) : 2, now);

    /// <summary>What becomes of an answer over UDP: it goes out, it is cut, or it is not sent.</summary>
    /// <param name="client">Who is said to have asked.</param>
    /// <param name="answer">A hash of what is answered: the name, or the error.</param>
    /// <param name="now">The clock.</param>
    internal ResponseVerdict Judge(in IpAddress client, ulong answer, long now)
    {
        // Networks, as those who send with addresses of others pick them from all over a network (BIND's defaults).
        if (_responses!.TryTake(KeyOf(client, 24, 56) ^ answer, now))
            return ResponseVerdict.Send;
        return ++_slips % Slip == 0 ? ResponseVerdict.Cut : ResponseVerdict.Drop;
    }

    private static ulong KeyOf(in IpAddress client, int v4Bits, int v6Bits)
    {
        var plain = client.Unmapped;
        if (plain.IsNone)
            return 4;
        var masked = plain.Masked(plain.IsV4 ? v4Bits : v6Bits);
        return (masked.High * 0x9E37_79B9_7F4A_7C15) ^ ((masked.Low + 1) * 0xE703_7ED1_A0B4_28DB);
    }
}

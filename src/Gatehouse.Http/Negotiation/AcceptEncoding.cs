using System.Runtime.CompilerServices;
using Gatehouse.Http.Content;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Negotiation;

/// <summary>
/// What a client says of content codings (RFC 9110 section 12.5.3): <c>Accept-Encoding = #( codings [ weight ] )</c>,
/// <c>codings = content-coding / "identity" / "*"</c>. A malformed member says nothing and the others count; of two members for one coding the later counts.
/// </summary>
public readonly struct AcceptEncoding
{
    // One entry for each ContentCoding and one for "*": the weight plus one, so that 0 means "not mentioned".
    private const int Other = 5;
    private readonly Weights _weights;

    private AcceptEncoding(Weights weights) => _weights = weights;

    /// <summary>Reads all Accept-Encoding lines of a request; without one, only identity is accepted (the RFC would allow any).</summary>
    public static AcceptEncoding Parse(HeaderTable headers)
    {
        Weights weights = default;
        foreach (var member in new HeaderValues(headers, KnownHeader.AcceptEncoding))
        {
            if (!Weight.TrySplit(member, out var token, out var thousandths))
                continue;
            if (token.SequenceEqual("*"u8))
                weights[Other] = (short)(thousandths + 1);
            else if (ContentCodings.TryParse(token, out var coding))
                weights[(int)coding] = (short)(thousandths + 1);
        }
        return new AcceptEncoding(weights);
    }

    /// <summary>The weight of a coding in thousandths, 0 when it is not accepted. An identity that is not mentioned has 1: acceptable, and last.</summary>
    public int WeightOf(ContentCoding coding)
    {
        var weight = _weights[(int)coding];
        if (weight == 0)
            weight = _weights[Other];
        if (weight == 0)
            return coding == ContentCoding.Identity ? 1 : 0;
        return weight - 1;
    }

    /// <summary>
    /// Picks the coding of the highest weight among <paramref name="offered"/>, which is in the server's order of preference and need not name identity; of
    /// equal weights the first wins, and identity when nothing else is accepted. False when the client refuses identity too: the RFC then lets a
    /// server answer 406 or send identity all the same.
    /// </summary>
    public bool TryChoose(ReadOnlySpan<ContentCoding> offered, out ContentCoding coding)
    {
        coding = ContentCoding.Identity;
        var best = 0;
        foreach (var candidate in offered)
        {
            var weight = WeightOf(candidate);
            if (weight > best)
            {
                best = weight;
                coding = candidate;
            }
        }
        var identity = WeightOf(ContentCoding.Identity);
        if (identity > best)
        {
            best = identity;
            coding = ContentCoding.Identity;
        }
        return best > 0;
    }

    [InlineArray(Other + 1)]
    private struct Weights
    {
        private short _first;
    }
}

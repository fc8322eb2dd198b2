using Gatehouse.Http.Content;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Client.Exchanges;

/// <summary>Finds out how a body is coded, and has it decoded.</summary>
internal static class ContentDecoding
{
    // Nobody codes twice in good faith; curl takes 5.
    private const int MaxCodings = 3;

    /// <summary>The body without its codings. As it is when it has none, or one that is not known: the fields then still say so.</summary>
    public static Stream Decode(Stream body, HeaderList headers, long maxBytes)
    {
        Span<ContentCoding> codings = stackalloc ContentCoding[MaxCodings];
        var count = 0;
        for (var i = 0; i < headers.Count; i++)
        {
            if (headers[i].Known != KnownHeader.ContentEncoding)
                continue;
            foreach (var token in new HeaderListReader(headers[i].Value))
            {
                if (!ContentCodings.TryParse(token, out var coding) || count == MaxCodings)
                    return body;
                if (coding != ContentCoding.Identity)
                    codings[count++] = coding;
            }
        }
        // They stand in the order in which they were applied (RFC 9110 section 8.4).
        while (count > 0)
            body = new DecodedBody(body, ContentDecoder.Create(codings[--count], new DecodingLimits(maxBytes)));
        return body;
    }
}

using System.Text;
using Gatehouse.Http.Urls;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Client.Exchanges;

/// <summary>One request as it goes out: the caller's, or what a redirect made of it.</summary>
internal sealed record Hop(string Method, Url Url, RequestBody? Body, HeaderList Headers, bool ExpectsContinue)
{
    /// <summary>The method as far as the stack knows it: on it depends how the response is framed.</summary>
    public Method Kind => Methods.Find(Encoding.ASCII.GetBytes(Method));

    /// <summary>True when the request may be sent again although the server may have begun to work on it (RFC 9110 section 9.2.2).</summary>
    public bool MayRepeat => Kind is Protocols.Method.Get or Protocols.Method.Head or Protocols.Method.Options or Protocols.Method.Trace
        or Protocols.Method.Put or Protocols.Method.Delete && Body is not { IsReplayable: false };

    /// <summary>True when the request asks to go on in another protocol, so that a 101 is an answer to it.</summary>
    public bool AsksUpgrade => Headers.Contains(KnownHeader.Upgrade);

    /// <summary>The caller's request; its fields are copied, and the body's Content-Type goes among them.</summary>
    public static Hop First(ClientRequest request)
    {
        var headers = Without(request.Headers, static _ => false);
        if (request.Body?.ContentType is { } type && !headers.Contains(KnownHeader.ContentType))
            headers.Add(KnownHeader.ContentType, Encoding.UTF8.GetBytes(type));
        return new Hop(request.Method, request.Url, request.Body, headers, request.ExpectsContinue && request.Body is not null);
    }

    /// <summary>A copy of a list of fields without some.</summary>
    public static HeaderList Without(HeaderList headers, Func<KnownHeader, bool> drops)
    {
        var kept = new HeaderList();
        for (var i = 0; i < headers.Count; i++)
        {
            if (!drops(headers[i].Known))
                kept.Add(headers[i]);
        }
        return kept;
    }
}

using System.Text;
using Gatehouse.Http.Urls;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Client;

/// <summary>
/// A request for <see cref="HttpRequester"/>. It may be sent again, one time after the other, when its body can be.
/// </summary>
public sealed class ClientRequest
{
    /// <summary>A request.</summary>
    /// <param name="method">Any method but CONNECT, which the requester itself sends to proxies.</param>
    /// <param name="url">Where to; user and password in it become an Authorization field, its fragment is not sent.</param>
    /// <param name="body">The body, or null.</param>
    /// <exception cref="ArgumentException">The method is not a token (RFC 9110 section 9.1) or is CONNECT.</exception>
    public ClientRequest(string method, Url url, RequestBody? body = null)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(method);
        if (!Ascii.IsValid(method) || !HeaderSyntax.IsToken(Encoding.ASCII.GetBytes(method)))
            throw new ArgumentException($"Expected a method, which is a token (RFC 9110 section 9.1); found '{method}'.", nameof(method));
        if (method == "CONNECT")
            throw new ArgumentException("CONNECT is sent to proxies, where the options ask for a tunnel; expected another method.", nameof(method));
        Method = method;
        Url = url;
        Body = body;
    }

    /// <summary>A GET request.</summary>
    public ClientRequest(Url url)
        : this("GET", url)
    {
    }

    /// <summary>The method; methods are compared with case.</summary>
    public string Method { get; }

    /// <summary>Where to.</summary>
    public Url Url { get; }

    /// <summary>The body; null for none.</summary>
    public RequestBody? Body { get; }

    /// <summary>
    /// The fields. A Host here replaces that of the URL, without changing where the request goes. Content-Length and Transfer-Encoding are what the body asks
    /// for, and not taken from here. User-Agent, Accept and Accept-Encoding are added where they are missing, Cookie where it is missing and there is a jar.
    /// </summary>
    public HeaderList Headers { get; } = new();

    /// <summary>
    /// True to send the body only when the server asks for it or says nothing for a second (Expect: 100-continue, RFC 9110 section 10.1.1), so that a large
    /// one is not sent to a server that refuses it.
    /// </summary>
    public bool ExpectsContinue { get; init; }

    /// <summary>Appends a field in UTF-8 and returns the request.</summary>
    /// <exception cref="ArgumentException">The name is not a token, or the value has a CR, LF or NUL.</exception>
    public ClientRequest With(string name, string value)
    {
        Headers.Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        return this;
    }
}

using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Http.Client;

/// <summary>Sees the heads of the requests and responses that a requester sends and receives, redirects included: for tools that show them. Called on a reactor; must not block.</summary>
public interface IRequestObserver
{
    /// <summary>A request has a connection.</summary>
    void OnConnection(Endpoint endpoint, bool isReused);

    /// <summary>A request's head, as it is sent.</summary>
    void OnRequest(ReadOnlySpan<byte> head);

    /// <summary>A response's head, interim ones included. The fields are the observer's to keep.</summary>
    void OnResponse(HttpVersion version, int status, string reason, HeaderList headers);
}

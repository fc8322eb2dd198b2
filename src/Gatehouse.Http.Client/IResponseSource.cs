using System.Diagnostics.CodeAnalysis;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Client;

/// <summary>The body of an answer that a peer is sending, as whoever relays it sees it. On its reactor; disposing of it ends the connection.</summary>
public interface IResponseSource : IDisposable
{
    /// <summary>True when the body has been read to its end.</summary>
    bool IsBodyComplete { get; }

    /// <summary>The fields behind a body that has been read; null when there were none.</summary>
    HeaderTable? Trailers { get; }

    /// <summary>
    /// The part of the body that has arrived with the head, and the buffer it lies in, which is the caller's from now on and goes back to the reactor's pool: no
    /// copy is made. The head is gone with it. False when there is none, or framing lies between the bytes.
    /// </summary>
    bool TryTakeFirst([NotNullWhen(true)] out byte[]? buffer, out ReadOnlyMemory<byte> part);

    /// <summary>Reads of the body what is there without waiting: a count, 0 at its end, -1 when there is nothing yet.</summary>
    /// <exception cref="ClientException">The body broke off or is malformed.</exception>
    int TryReadBody(Span<byte> destination);

    /// <summary>Completes when <see cref="TryReadBody"/> is worth calling again.</summary>
    /// <exception cref="ClientException">The body does not go on in time.</exception>
    ValueTask<int> WaitForBodyAsync();
}

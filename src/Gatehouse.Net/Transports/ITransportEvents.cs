namespace Gatehouse.Net.Transports;

/// <summary>
/// Who owns a <see cref="Transport"/> and is told when it is worth trying again. Called on the transport's reactor only, never from inside a call into
/// the transport. Events are edges: after <see cref="OnReadable"/> the owner reads until <see cref="IoResult.IsWouldBlock"/> or leaves the rest until it
/// wants it; no second event comes for bytes that are already there.
/// </summary>
public interface ITransportEvents
{
    /// <summary>Bytes, the end of the stream or an error can be read.</summary>
    void OnReadable();

    /// <summary>A write that had to wait can be tried again; for a connecting transport: the connection stands.</summary>
    void OnWritable();

    /// <summary>The transport broke both ways (reset, or the connection attempt failed) with this errno. Reads and writes fail from now on.</summary>
    void OnBroken(int errno);
}

namespace Gatehouse.Edge.Relay;

/// <summary>How bodies are kept between a client and a peer, so that a slow client does not hold the peer.</summary>
/// <param name="IsOn">False streams both ways at once.</param>
/// <param name="Memory">Bytes of one body that are kept in memory.</param>
/// <param name="Disk">Bytes of one body that are kept on disk beyond that.</param>
public sealed record Buffering(bool IsOn = true, long Memory = 256 * 1024, long Disk = 1L << 30);

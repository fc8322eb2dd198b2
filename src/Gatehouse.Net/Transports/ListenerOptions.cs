namespace Gatehouse.Net.Transports;

/// <summary>How a <see cref="Listener"/> listens.</summary>
public sealed record ListenerOptions
{
    /// <summary>Length of the accept queue; the kernel caps it at net.core.somaxconn. nginx has 511, Kestrel 512.</summary>
    public int Backlog { get; init; } = 1024;

    /// <summary>Access mode of a Unix socket's file.</summary>
    public UnixFileMode UnixMode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>
    /// When not zero, the kernel gives out a TCP connection only when its first bytes are there (TCP_DEFER_ACCEPT, in whole seconds), which saves a
    /// failed read and an epoll_ctl(2) for each connection; after that time it gives out silent ones too. Not for protocols where the server speaks first.
    /// </summary>
    public TimeSpan DeferAccept { get; init; } = TimeSpan.Zero;
}

namespace Gatehouse.Protocols.Addresses;

/// <summary>Where a transport ends: an IP address and port, or the path of a Unix socket.</summary>
public readonly struct Endpoint : IEquatable<Endpoint>
{
    /// <summary>An IP endpoint.</summary>
    public Endpoint(IpAddress address, ushort port)
    {
        Address = address;
        Port = port;
    }

    /// <summary>A Unix socket at <paramref name="path"/>; a leading @ names one in the abstract space (unix(7)).</summary>
    public Endpoint(string path) => UnixPath = path;

    /// <summary>The address; none for a Unix socket.</summary>
    public IpAddress Address { get; }

    /// <summary>The port, 0 to 65535; 0 asks the kernel for a free one when listening.</summary>
    public ushort Port { get; }

    /// <summary>The path of a Unix socket, or null.</summary>
    public string? UnixPath { get; }

    /// <summary>True for a Unix socket.</summary>
    public bool IsUnix => UnixPath is not null;

    /// <inheritdoc/>
    public bool Equals(Endpoint other) => Address == other.Address && Port == other.Port && UnixPath == other.UnixPath;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Endpoint other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address, Port, UnixPath);

    /// <summary>Same address, port and path.</summary>
    public static bool operator ==(Endpoint left, Endpoint right) => left.Equals(right);

    /// <summary>Other address, port or path.</summary>
    public static bool operator !=(Endpoint left, Endpoint right) => !left.Equals(right);
}

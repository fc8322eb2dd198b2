using System.Globalization;
using System.Text;

namespace Gatehouse.Protocols.Addresses;

/// <summary>Where a transport ends: an IP address and port, or the path of a Unix socket.</summary>
public readonly partial struct Endpoint : IEquatable<Endpoint>, IUtf8SpanFormattable
{
    /// <summary>Bytes of the longest path of a Unix socket: sun_path of unix(7) less the NUL at its end (or, for an abstract name, at its start).</summary>
    public const int MaxUnixPathBytes = 107;

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

    /// <summary>True for a Unix socket in the abstract space, which has a name and no file.</summary>
    public bool IsAbstract => UnixPath is ['@', ..];

    /// <summary>
    /// Writes <c>127.0.0.1:80</c>, <c>[::1]:80</c> or <c>unix:/path</c> in UTF-8; false when <paramref name="utf8"/> is too short. The default value,
    /// which is the peer of a Unix or Memory transport, writes <c>-</c>.
    /// </summary>
    public bool TryFormat(Span<byte> utf8, out int written)
    {
        written = 0;
        if (UnixPath is not null)
        {
            if (!"unix:"u8.TryCopyTo(utf8) || !Encoding.UTF8.TryGetBytes(UnixPath, utf8[5..], out var path))
                return false;
            written = 5 + path;
            return true;
        }
        Span<byte> text = stackalloc byte[IpAddress.MaxTextLength + 8];
        var length = FormatAddress(text);
        if (!text[..length].TryCopyTo(utf8))
            return false;
        written = length;
        return true;
    }

    bool IUtf8SpanFormattable.TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(utf8Destination, out bytesWritten);

    /// <summary>The text that <see cref="TryFormat(Span{byte}, out int)"/> writes.</summary>
    public override string ToString()
    {
        if (UnixPath is not null)
            return $"unix:{UnixPath}";
        Span<byte> text = stackalloc byte[IpAddress.MaxTextLength + 8];
        return Encoding.ASCII.GetString(text[..FormatAddress(text)]);
    }

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

    private int FormatAddress(Span<byte> text)
    {
        var at = 0;
        if (Address.IsV6)
            text[at++] = (byte)'[';
        at += IpAddressText.Format(Address, text[at..]);
        if (Address.IsNone)
            return at;
        if (Address.IsV6)
            text[at++] = (byte)']';
        text[at++] = (byte)':';
        Port.TryFormat(text[at..], out var digits, provider: CultureInfo.InvariantCulture);
        return at + digits;
    }
}

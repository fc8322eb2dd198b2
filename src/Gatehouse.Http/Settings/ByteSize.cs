using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gatehouse.Http.Settings;

/// <summary>A number of bytes: <c>512</c>, <c>64KB</c>, <c>10MB</c>, <c>1GB</c>, where 1 KB is 1,024 bytes, 1 MB 1,048,576 and 1 GB 1,073,741,824.</summary>
/// <param name="Bytes">The number of bytes.</param>
public readonly record struct ByteSize(long Bytes) : ISettingValue<ByteSize>, IComparable<ByteSize>, IComparable
{
    private static readonly (string Name, long Bytes)[] Units = [("GB", 1L << 30), ("MB", 1L << 20), ("KB", 1L << 10)];

    /// <inheritdoc/>
    public static string Expected => "a size like 512KB, 10MB or 1GB";

    /// <inheritdoc/>
    public static string Pattern => "^[0-9]+([KkMmGg][Bb])?$";

    /// <summary>So many kilobytes of 1,024 bytes.</summary>
    public static ByteSize KB(long count) => new(count << 10);

    /// <summary>So many megabytes of 1,048,576 bytes.</summary>
    public static ByteSize MB(long count) => new(count << 20);

    /// <summary>So many gigabytes of 1,073,741,824 bytes.</summary>
    public static ByteSize GB(long count) => new(count << 30);

    /// <summary>Reads digits and an optional unit, in upper or lower case and without a space between.</summary>
    public static bool TryParse(string text, out ByteSize value, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        var digits = text.AsSpan();
        var unit = 1L;
        foreach (var (name, bytes) in Units)
        {
            if (!digits.EndsWith(name, StringComparison.OrdinalIgnoreCase))
                continue;
            digits = digits[..^2];
            unit = bytes;
            break;
        }
        if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= long.MaxValue / unit)
        {
            value = new ByteSize(count * unit);
            fault = null;
            return true;
        }
        value = default;
        fault = $"found '{text}', expected {Expected}";
        return false;
    }

    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj is ByteSize other ? CompareTo(other) : 1;

    /// <summary>The size in the largest unit that divides it.</summary>
    public override string ToString()
    {
        foreach (var (name, bytes) in Units)
        {
            if (Bytes != 0 && Bytes % bytes == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{Bytes / bytes}{name}");
        }
        return Bytes.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Less.</summary>
    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    /// <summary>Less or equal.</summary>
    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    /// <summary>Greater.</summary>
    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    /// <summary>Greater or equal.</summary>
    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;
}

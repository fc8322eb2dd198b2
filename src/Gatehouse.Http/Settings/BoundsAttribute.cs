using System.Globalization;

namespace Gatehouse.Http.Settings;

/// <summary>
/// The least and the greatest value of a setting that has an order (numbers, sizes, durations), both included; of each item when it is a list.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BoundsAttribute : Attribute
{
    /// <summary>Bounds as a configuration would write them: <c>"1KB", "1GB"</c> or <c>"1ms", "1h"</c>.</summary>
    public BoundsAttribute(string min, string max)
    {
        Min = min;
        Max = max;
    }

    /// <summary>Bounds of a whole number.</summary>
    public BoundsAttribute(long min, long max)
        : this(min.ToString(CultureInfo.InvariantCulture), max.ToString(CultureInfo.InvariantCulture))
    {
    }

    /// <summary>The least value.</summary>
    public string Min { get; }

    /// <summary>The greatest value.</summary>
    public string Max { get; }
}

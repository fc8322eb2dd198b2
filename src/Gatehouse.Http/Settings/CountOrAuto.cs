using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gatehouse.Http.Settings;

/// <summary>A number of things, or <c>auto</c> to let the program choose.</summary>
/// <param name="Count">At least 1; null for <c>auto</c>.</param>
public readonly record struct CountOrAuto(int? Count) : ISettingValue<CountOrAuto>
{
    /// <inheritdoc/>
    public static string Expected => "auto or a whole number from 1";

    /// <inheritdoc/>
    public static string Pattern => "^(auto|[1-9][0-9]*)$";

    /// <summary>Reads <c>auto</c> or a positive whole number.</summary>
    public static bool TryParse(string text, out CountOrAuto value, [NotNullWhen(false)] out string? fault)
    {
        value = default;
        fault = null;
        if (text == "auto")
            return true;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
        {
            value = new CountOrAuto(count);
            return true;
        }
        fault = $"found '{text}', expected {Expected}";
        return false;
    }

    /// <summary><c>auto</c>, or the number.</summary>
    public override string ToString() => Count?.ToString(CultureInfo.InvariantCulture) ?? "auto";
}

using System.Text;
using Gatehouse.Http.Settings;

namespace Gatehouse.Fuzz.Targets;

/// <summary>Values of the configuration: what is accepted comes back from its own text, and what is refused says what was expected.</summary>
internal sealed class SettingsTarget : IFuzzTarget
{
    public string Name => "settings";

    public IEnumerable<byte[]> Seeds => Targets.Seeds.Of(
        "10MB", "512", "1GB", "200ms", "2s", "1d", "0", "100/s per ip", "10/s burst 50 per ip", "1000/m", "auto", "4", "9223372036854775807");

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (ByteSize.TryParse(text, out var size, out var fault)) Comes(size, ByteSize.TryParse(size.ToString(), out var again, out _), again);
        else Refused(fault);
        if (Duration.TryParse(text, out var span, out fault)) Comes(span, Duration.TryParse(Duration.Format(span), out var again, out _), again);
        else Refused(fault);
        if (Rate.TryParse(text, out var rate, out fault)) Comes(rate, Rate.TryParse(rate.ToString(), out var again, out _), again);
        else Refused(fault);
        if (CountOrAuto.TryParse(text, out var count, out fault)) Comes(count, CountOrAuto.TryParse(count.ToString(), out var again, out _), again);
        else Refused(fault);
        Claim.That(size.Bytes >= 0 && span >= TimeSpan.Zero && rate.PerSecond is not < 0, "no size, duration or rate is negative");
    }

    private static void Comes<T>(T value, bool accepted, T again)
        where T : IEquatable<T> => Claim.That(accepted && value.Equals(again), $"{value} comes back");

    private static void Refused(string? fault) => Claim.That(fault is { Length: > 0 }, "a refused value has a reason");
}

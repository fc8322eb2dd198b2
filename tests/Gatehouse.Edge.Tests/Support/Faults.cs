using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Tests.Support;

/// <summary>Keeps the faults that a check finds.</summary>
internal sealed class Faults : IFaultSink
{
    public List<(string Setting, string Message)> All { get; } = [];

    public IEnumerable<string> Settings => All.Select(fault => fault.Setting);

    public static Faults Of(ICheckedSettings settings)
    {
        var faults = new Faults();
        settings.Check(faults);
        return faults;
    }

    public void Report(string setting, string message) => All.Add((setting, message));
}

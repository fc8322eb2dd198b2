namespace Gatehouse.Http.Settings;

/// <summary>Takes the faults that a check of settings finds; whoever reads the configuration adds where in the file they are.</summary>
public interface IFaultSink
{
    /// <summary>Reports a fault.</summary>
    /// <param name="setting">
    /// Keys from the checked settings to the one at fault, parted by dots, a list's items by number: <c>retry.tries</c>, <c>to.0.weight</c>.
    /// Empty for the whole. One that the file does not write is shown at the nearest that it does.
    /// </param>
    /// <param name="message">What was found, and what was expected.</param>
    void Report(string setting, string message);
}

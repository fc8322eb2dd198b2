namespace Gatehouse.Http.Settings;

/// <summary>Settings whose values also depend on each other. The check is asked for once each value alone is known to be right.</summary>
public interface ICheckedSettings
{
    /// <summary>Reports every fault among the settings; opens and changes nothing.</summary>
    void Check(IFaultSink faults);
}

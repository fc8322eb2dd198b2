namespace Gatehouse.Gateways.Supervision;

/// <summary>How long to wait before something that failed is tried again: twice as long each time, up to a bound, and at once after it has worked for a while.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan most)
{
    private int _failures;

    /// <summary>Failures in a row.</summary>
    public int Failures => _failures;

    /// <summary>Notes a failure and says how long to wait.</summary>
    public TimeSpan Fail()
    {
        // 2^20 times any first wait is beyond every bound.
        var wait = first * (1 << Math.Min(_failures, 20));
        _failures++;
        return wait < most ? wait : most;
    }

    /// <summary>It works again.</summary>
    public void Succeed() => _failures = 0;
}

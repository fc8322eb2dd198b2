using System.Runtime.InteropServices;

namespace Gatehouse.Upstreams.Targets;

/// <summary>What all reactors count of one target: on cache lines of its own, so that two busy targets do not slow each other down.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct TargetCounters
{
    [FieldOffset(64)]
    public int Active;

    [FieldOffset(72)]
    public long Requests;

    [FieldOffset(80)]
    public long Failures;

    [FieldOffset(128)]
    public int FailuresInARow;

    [FieldOffset(136)]
    public long EjectedUntil;
}

namespace Gatehouse.Http.Conditional;

/// <summary>What a Range field asks for.</summary>
public enum RangeOutcome : byte
{
    /// <summary>There is no Range field that counts: answer 200 with the whole.</summary>
    Whole,

    /// <summary>Answer 206 with the ranges.</summary>
    Partial,

    /// <summary>Answer 416: no range lies inside the representation.</summary>
    NotSatisfiable,
}

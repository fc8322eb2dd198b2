namespace Gatehouse.Http.Conditional;

/// <summary>What the conditions of a request ask for.</summary>
public enum ConditionalOutcome : byte
{
    /// <summary>Carry out the request; a Range field counts.</summary>
    Proceed,

    /// <summary>Carry out the request and ignore its Range field: the part that the client holds is of another version.</summary>
    IgnoreRange,

    /// <summary>Answer 304: the client's copy is still good.</summary>
    NotModified,

    /// <summary>Answer 412: the resource is not in the state that the client expects.</summary>
    PreconditionFailed,
}

namespace Gatehouse.Http.Forms;

/// <summary>What a <see cref="MultipartReader"/> comes to in the bytes it is given.</summary>
public enum MultipartEvent
{
    /// <summary>All bytes given are used; more are needed.</summary>
    NeedMore,

    /// <summary>A part starts: <see cref="MultipartReader.Part"/> has its head.</summary>
    Part,

    /// <summary>Bytes of the part's content.</summary>
    Data,

    /// <summary>The part ends.</summary>
    PartEnd,

    /// <summary>The closing delimiter; what follows is epilogue and is passed over.</summary>
    End,

    /// <summary>Malformed or over a limit: <see cref="MultipartReader.Error"/> says what, and nothing more is read.</summary>
    Failed,
}

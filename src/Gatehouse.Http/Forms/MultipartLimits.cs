namespace Gatehouse.Http.Forms;

/// <summary>What a <see cref="MultipartReader"/> accepts at most. The size of the whole body is for the one to bound who reads it.</summary>
public sealed record MultipartLimits
{
    /// <summary>The defaults.</summary>
    public static MultipartLimits Default { get; } = new();

    /// <summary>Bytes of a part's head; browsers send some 200, and file names have up to 255 characters.</summary>
    public int PartHeadBytes { get; init; } = 8 * 1024;

    /// <summary>Number of parts: the fields and files of <see cref="FormLimits"/> together.</summary>
    public int Parts { get; init; } = 1100;
}

namespace Gatehouse.Http.Forms;

/// <summary>What a <see cref="FormReader"/> accepts at most. More is answered with 413, and the message names the limit.</summary>
public sealed record FormLimits
{
    /// <summary>The defaults.</summary>
    public static FormLimits Default { get; } = new();

    /// <summary>Number of fields; PHP and Django have the same.</summary>
    public int Fields { get; init; } = 1000;

    /// <summary>Number of files; Django has the same.</summary>
    public int Files { get; init; } = 100;

    /// <summary>Bytes of one field's name and value, as sent.</summary>
    public int FieldBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes of all fields' names and values together, as sent; they stay in memory. Django has 2.5 MB.</summary>
    public int AllFieldBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes of the whole body; ASP.NET Core has the same for multipart.</summary>
    public long BodyBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>Bytes of the head of a part of a multipart body.</summary>
    public int PartHeadBytes { get; init; } = MultipartLimits.Default.PartHeadBytes;

    /// <summary>Bytes of a file that are kept in memory; of a longer one all goes to a temporary file. ASP.NET Core has the same.</summary>
    public int FileMemoryBytes { get; init; } = 64 * 1024;

    /// <summary>The folder of the temporary files.</summary>
    public string SpoolFolder { get; init; } = Path.GetTempPath();
}

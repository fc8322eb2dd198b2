using System.Text;
using Gatehouse.Http.Content;
using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Compression;

/// <summary>Which answers are compressed on their way, and how.</summary>
public sealed record CompressConfig : ICheckedSettings
{
    /// <summary>Whether anything is compressed.</summary>
    [Setting("Whether answers are compressed on their way")]
    [Shorthand]
    public bool Enabled { get; init; } = true;

    /// <summary>Media types to compress: <c>text/html</c>, <c>text/*</c>; empty for the built-in choice (<see cref="MediaTypes.IsCompressible"/>).</summary>
    [Setting("Media types to compress, such as text/html or text/*; without any, all that are text inside")]
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>The shortest body that is worth it: below, the coding's own frame and the client's work cost more than the bytes saved.</summary>
    [Setting("The shortest body to compress; one of unknown length always is")]
    public ByteSize MinLength { get; init; } = ByteSize.KB(1);

    /// <summary>Codings in the order of preference among those that a client weighs alike. Zstandard costs a third of the others' time.</summary>
    [Setting("Codings, the preferred first")]
    [Words("zstd", "br", "gzip", "deflate")]
    public IReadOnlyList<string> Algorithms { get; init; } = ["zstd", "br", "gzip"];

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        for (var i = 0; i < Types.Count; i++)
        {
            if (!MediaType.TryParse(Encoding.UTF8.GetBytes(Types[i]), out var type) || type.Parameters.MoveNext() || type.Type.SequenceEqual("*"u8))
                faults.Report($"types.{i}", $"found '{Types[i]}', expected type/subtype or type/*");
        }
        if (Algorithms.Count == 0)
            faults.Report("algorithms", "found an empty list, expected at least one of zstd, br, gzip, deflate; to compress nothing write 'compress: off'");
    }
}

namespace Gatehouse.Tools.Get;

/// <summary>Where <c>gatehouse get</c> writes, and how.</summary>
/// <param name="body">Standard output.</param>
/// <param name="error">Standard error.</param>
/// <param name="isBodyTerminal">True when bodies go to a terminal.</param>
/// <param name="isErrorTerminal">True when messages go to a terminal.</param>
/// <param name="options">What was asked for.</param>
public sealed class GetOutput(Stream body, TextWriter error, bool isBodyTerminal, bool isErrorTerminal, GetOptions options)
{
    /// <summary>Standard error.</summary>
    public TextWriter Error => error;

    /// <summary>Standard output.</summary>
    public Stream Body => body;

    internal BodySink Open(string? file, long from) => file is null or "-"
        ? BodySink.ToStream(body, isBodyTerminal && file is null, options.IsPretty ?? isBodyTerminal)
        : BodySink.ToFile(file, from);

    internal ProgressBar? Progress(string name) => isErrorTerminal && !options.IsSilent && !options.IsParallel ? new ProgressBar(error, name) : null;

    internal void Warn(string message)
    {
        if (!options.IsSilent)
            error.WriteLine($"gatehouse: {message}");
    }

    internal void Fail(TransferReport report)
    {
        if (report.Error is not null && (!options.IsSilent || options.ShowsErrors))
            error.WriteLine($"gatehouse: ({report.ExitCode}) {report.Url.HrefWithoutFragment}: {report.Error}");
    }
}

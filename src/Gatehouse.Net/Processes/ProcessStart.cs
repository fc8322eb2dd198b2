using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Processes;

/// <summary>What a process is started with. It leads a process group of its own, has default signals, and the descriptors named here and no other.</summary>
public sealed class ProcessStart
{
    /// <summary>The program's file, as an absolute path; see <see cref="ProgramPath"/> for a search along PATH.</summary>
    public required string Program { get; init; }

    /// <summary>Its arguments, the first of which is by custom the program's name.</summary>
    public required ArgumentBlock Arguments { get; init; }

    /// <summary>Its environment, entries <c>NAME=value</c>.</summary>
    public required ArgumentBlock Environment { get; init; }

    /// <summary>Its working folder; null for that of this process.</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// The descriptors that it gets: standard input, output and error, then those numbered from 3. The caller keeps its own and closes them after the start.
    /// A null is /dev/null.
    /// </summary>
    public required IReadOnlyList<SafeHandle?> Descriptors { get; init; }

    internal static SafeFileHandle OpenNull() => File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
}

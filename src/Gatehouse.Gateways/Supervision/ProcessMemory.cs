using System.Globalization;

namespace Gatehouse.Gateways.Supervision;

/// <summary>Memory of a process, from /proc.</summary>
internal static class ProcessMemory
{
    /// <summary>Resident bytes; 0 when the process is gone. Pages that it shares with its template count in full.</summary>
    public static long Resident(int process)
    {
        try
        {
            // proc(5): size, resident, shared and so on, in pages.
            var fields = File.ReadAllText($"/proc/{process}/statm").Split(' ');
            return long.Parse(fields[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return 0;
        }
    }
}

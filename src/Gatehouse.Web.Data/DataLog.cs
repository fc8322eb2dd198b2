using Microsoft.Extensions.Logging;

namespace Gatehouse.Web;

/// <summary>What is logged about the database.</summary>
internal static partial class DataLog
{
    [LoggerMessage(1, LogLevel.Error, "Request {Request}: the database cannot be reached: {Reason}")]
    public static partial void DatabaseAway(ILogger logger, string request, string reason);

    [LoggerMessage(2, LogLevel.Warning, "One unit of work has sent the same query {Count} times. If it is for each row of a list, one query with Include would do: {Query}")]
    public static partial void Repeated(ILogger logger, int count, string query);
}

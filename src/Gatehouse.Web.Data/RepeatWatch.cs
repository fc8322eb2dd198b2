using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Web;

/// <summary>
/// Warns, in development, when one unit of work sends the same query again and again: as a rule a list whose rows are looked at one by one, where one query that
/// includes what belongs to them would do.
/// </summary>
internal sealed class RepeatWatch(int limit, ILogger logger) : DbCommandInterceptor
{
    // A unit of work that sends more queries than this is watched no further.
    private const int MostTexts = 256;

    private readonly ConditionalWeakTable<DbContext, Dictionary<string, int>> _counts = [];

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Count(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Count(command, eventData);
        return new(result);
    }

    private void Count(DbCommand command, CommandEventData data)
    {
        if (data.Context is not { } context || data.CommandSource != CommandSource.LinqQuery)
            return;
        var counts = _counts.GetOrCreateValue(context);
        if (!counts.TryGetValue(command.CommandText, out var count) && counts.Count >= MostTexts)
            return;
        counts[command.CommandText] = ++count;
        if (count == limit)
            DataLog.Repeated(logger, limit, command.CommandText);
    }
}

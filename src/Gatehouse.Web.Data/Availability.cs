using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;

namespace Gatehouse.Web;

/// <summary>Tells a database that is away, full or too busy from a fault of the application's.</summary>
internal static class Availability
{
    // sqlite3.h: SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL, SQLITE_CANTOPEN.
    private static readonly int[] SqliteCodes = [5, 6, 13, 14];

    public static bool IsAway(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SqliteException sqlite:
                    return SqliteCodes.Contains(sqlite.SqliteErrorCode);
                case SocketException or TimeoutException:
                    return true;
                case DbException { IsTransient: true }:
                    return true;
            }
        }
        return false;
    }
}

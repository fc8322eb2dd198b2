using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gatehouse.Web;

/// <summary>Which provider a database needs, from how it is named.</summary>
internal static class DatabasePlace
{
    /// <summary>Sets the provider.</summary>
    /// <exception cref="SettingsException">A connection string cannot be read.</exception>
    public static void Use(DbContextOptionsBuilder builder, string database, string root)
    {
        if (IsUrl(database))
        {
            builder.UseNpgsql(FromUrl(database));
        }
        else if (database.Contains("Host=", StringComparison.OrdinalIgnoreCase) || database.Contains("Server=", StringComparison.OrdinalIgnoreCase))
        {
            builder.UseNpgsql(Checked(database));
        }
        else
        {
            builder.UseSqlite(database.Contains('=', StringComparison.Ordinal) ? database : $"Data Source={Path.Combine(root, database)}");
        }
    }

    private static bool IsUrl(string database) =>
        database.StartsWith("postgres://", StringComparison.Ordinal) || database.StartsWith("postgresql://", StringComparison.Ordinal);

    // The form that hosting services give out: postgresql://USER:PASSWORD@HOST:PORT/NAME.
    private static string FromUrl(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.AbsolutePath.Length < 2)
            throw new SettingsException("database: expected postgresql://USER:PASSWORD@HOST:PORT/NAME, and could not read what was found as a URL with a name");
        var user = url.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host,
            Port = url.IsDefaultPort || url.Port < 0 ? NpgsqlConnection.DefaultPort : url.Port,
            Database = Uri.UnescapeDataString(url.AbsolutePath[1..]),
        };
        if (user[0].Length > 0)
            builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            builder.Password = Uri.UnescapeDataString(user[1]);
        return builder.ConnectionString;
    }

    private static string Checked(string connection)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connection).ConnectionString;
        }
        catch (ArgumentException exception)
        {
            // The text may hold a password: only what is wrong is told.
            throw new SettingsException($"database: {exception.Message}");
        }
    }
}

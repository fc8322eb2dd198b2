using System.Net;
using System.Net.Http.Json;

namespace Gatehouse.Web.Data.Tests;

/// <summary>The same over SQLite and over PostgreSQL.</summary>
public abstract class DatabaseTests
{
    /// <summary>The database of a test; null for a file of SQLite.</summary>
    protected abstract string? Database();

    [Fact]
    public async Task A_request_is_one_unit_of_work()
    {
        await using var library = await LibraryApplication.StartAsync(Database());
        Assert.Equal(7, await library.CountAsync());
        Assert.Equal("added", await (await library.PostAsync("/books", "Ann", "New")).Content.ReadAsStringAsync());
        Assert.Equal(8, await library.CountAsync());

        Assert.Equal(HttpStatusCode.InternalServerError, (await library.PostAsync("/throws", "Ben", "Lost")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await library.PostAsync("/refuses", "Ben", "Lost")).StatusCode);
        Assert.Equal("added", await library.Client.GetStringAsync("/gets"));
        Assert.Equal(8, await library.CountAsync());

        // What the database refuses is told to the client, who would else take it for done.
        Assert.Equal(HttpStatusCode.InternalServerError, (await library.PostAsync("/books", "Ann", "The name is taken")).StatusCode);
        Assert.Equal(8, await library.CountAsync());
        Assert.Equal(HttpStatusCode.Conflict, (await library.Client.PostAsync("/stale", null)).StatusCode);
    }

    [Fact]
    public async Task Lists_come_in_pages_within_bounds()
    {
        await using var library = await LibraryApplication.StartAsync(Database());
        var second = await library.Client.GetFromJsonAsync<Page<string>>("/books?page=2");
        Assert.Equal(["Book 4", "Book 5", "Book 6"], second!.Items);
        Assert.Equal((2, 3, 7L, 3L, true, true), (second.Number, second.Size, second.Total, second.Pages, second.HasPrevious, second.HasNext));
        var last = await library.Client.GetFromJsonAsync<Page<string>>("/books?page=2000000000");
        Assert.Equal(["Book 7"], last!.Items);
        Assert.False(last.HasNext);
        Assert.Equal(1, (await library.Client.GetFromJsonAsync<Page<string>>("/books?page=-5&size=-1"))!.Size);
        Assert.Equal(Paging.LargestSize, (await library.Client.GetFromJsonAsync<Page<string>>("/books?size=1000000"))!.Size);
    }

    [Fact]
    public async Task Development_warns_of_a_query_for_each_row()
    {
        await using var library = await LibraryApplication.StartAsync(Database(), "--environment", "development");
        await library.Client.GetStringAsync("/at-once");
        Assert.DoesNotContain(library.Log.Lines, line => line.Contains("the same query", StringComparison.Ordinal));
        await library.Client.GetStringAsync("/one-by-one");
        var warning = Assert.Single(library.Log.Lines, line => line.Contains("the same query", StringComparison.Ordinal));
        Assert.Contains("Books", warning, StringComparison.Ordinal);

        await using var production = await LibraryApplication.StartAsync(Database());
        await production.Client.GetStringAsync("/one-by-one");
        Assert.DoesNotContain(production.Log.Lines, line => line.Contains("the same query", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Migrations_by_command()
    {
        var database = Database();
        await using var library = LibraryApplication.Make(database, "--migrate", "list");
        Assert.Equal(["pending  20260101000000_Books", "pending  20260201000000_Editions"], await CommandAsync(library));
        await using (var script = LibraryApplication.Make(database, "--migrate", "script"))
            Assert.Contains("CREATE TABLE", string.Concat(await CommandAsync(script)), StringComparison.Ordinal);

        library.App.Configuration["migrate"] = "apply";
        Assert.Equal(["applied  20260101000000_Books", "applied  20260201000000_Editions"], await CommandAsync(library));
        Assert.Equal(7, await library.CountAsync());
        Assert.Equal(["nothing to apply"], await CommandAsync(library));
        Assert.Equal(7, await library.CountAsync());
        library.App.Configuration["migrate"] = "list";
        Assert.Equal(["applied  20260101000000_Books", "applied  20260201000000_Editions"], await CommandAsync(library));

        library.App.Configuration["migrate"] = "back";
        Assert.Contains("'back'", (await Assert.ThrowsAsync<SettingsException>(() => CommandAsync(library))).Message, StringComparison.Ordinal);
        library.App.Configuration["migrate"] = null;
        Assert.False(await library.App.RunDatabaseCommandAsync<LibraryContext>(TextWriter.Null, TestContext.Current.CancellationToken));
    }

    private static async Task<string[]> CommandAsync(LibraryApplication library)
    {
        var output = new StringWriter();
        Assert.True(await library.App.RunDatabaseCommandAsync<LibraryContext>(output, TestContext.Current.CancellationToken));
        return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>Over a file of SQLite.</summary>
public sealed class SqliteTests : DatabaseTests
{
    protected override string? Database() => null;

    [Fact]
    public async Task The_file_lies_in_the_applications_folder()
    {
        await using var library = await LibraryApplication.StartAsync();
        Assert.True(File.Exists(library.File));
    }

    [Fact]
    public async Task A_database_that_cannot_be_opened_is_a_503()
    {
        await using var library = LibraryApplication.Make("no/such/folder/app.db");
        var answer = await library.Client.GetAsync("/books", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(5, answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
    }
}

/// <summary>Over Debian's PostgreSQL.</summary>
public sealed class PostgresTests(PostgresCluster cluster) : DatabaseTests, IClassFixture<PostgresCluster>
{
    protected override string? Database()
    {
        if (cluster.Absence is not { } absence)
            return cluster.NewDatabase();
        Assert.SkipUnless(Corpora.OnCi, absence);
        Assert.Fail(absence);
        return null;
    }

    [Fact]
    public async Task A_database_that_is_away_is_a_503()
    {
        await using var library = LibraryApplication.Make($"Host=127.0.0.1;Port={FreePort.Tcp()};Username=nobody;Password=secret;Timeout=5");
        var answer = await library.Client.GetAsync("/books", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.DoesNotContain(library.Log.Lines, line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_url_names_a_database_too()
    {
        _ = Database();
        await using var library = await LibraryApplication.StartAsync($"postgresql://postgres@127.0.0.1:{cluster.Port}/by%2Durl");
        Assert.Equal(7, await library.CountAsync());
    }

    [Theory]
    [InlineData("postgresql://")]
    [InlineData("Host=h;Port=many;Password=secret")]
    public void A_connection_string_that_cannot_be_read_says_so(string database)
    {
        var library = LibraryApplication.Make(database);
        var failure = Assert.ThrowsAny<Exception>(() => library.CountAsync().GetAwaiter().GetResult());
        Assert.StartsWith("database: ", Assert.IsType<SettingsException>(failure.GetBaseException()).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }
}

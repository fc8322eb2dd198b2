using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Web.Data.Tests.Support;

/// <summary>What a client sends.</summary>
internal sealed record NewBook(string Author, string Title);

/// <summary>An application with a library in a database, in memory but for that.</summary>
internal sealed class LibraryApplication : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    private LibraryApplication(string? database, string[] arguments)
    {
        App = new App(["--root", _folder.Path, .. database is null ? Array.Empty<string>() : ["--database", database], .. arguments]);
        App.Services.AddLogging(logging => logging.AddProvider(Log));
        App.AddDatabase<LibraryContext>(options =>
        {
            options.Configure = builder => builder.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning));
            options.Seed = SeedAsync;
        });
        Map(App);
    }

    public App App { get; }

    public RecordedLog Log { get; } = new();

    public TestClient Client { get => field ??= new TestClient(App); private set; }

    /// <summary>The file of SQLite, when nobody named a database.</summary>
    public string File => _folder["app.db"];

    /// <summary>An application whose database is migrated and seeded.</summary>
    public static async Task<LibraryApplication> StartAsync(string? database = null, params string[] arguments)
    {
        var application = new LibraryApplication(database, arguments);
        await application.App.MigrateAsync<LibraryContext>(TestContext.Current.CancellationToken);
        return application;
    }

    /// <summary>An application whose database has not been looked at.</summary>
    public static LibraryApplication Make(string? database = null, params string[] arguments) => new(database, arguments);

    /// <summary>How many books there are, read apart from any request.</summary>
    public async Task<int> CountAsync()
    {
        await using var context = await App.Provider.GetRequiredService<IDbContextFactory<LibraryContext>>().CreateDbContextAsync();
        return await context.Books.CountAsync();
    }

    /// <summary>Sends a book.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string author, string title) => Client.PostAsJsonAsync(path, new NewBook(author, title));

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private static void Map(App app)
    {
        app.Get("/books", async (LibraryContext library, int? page, int? size) =>
            await library.Books.OrderBy(book => book.Id).Select(book => book.Title).PageAsync(page ?? 1, size ?? 3));
        // Leaves the saving to the unit of work.
        app.Post("/books", (LibraryContext library, NewBook book) => Add(library, book));
        app.Post("/throws", string (LibraryContext library, NewBook book) =>
        {
            Add(library, book);
            throw new InvalidOperationException("behind the change");
        });
        app.Post("/refuses", IResult (LibraryContext library, NewBook book) =>
        {
            Add(library, book);
            return new Problem(422, "no");
        });
        app.Get("/gets", (LibraryContext library) => Add(library, new NewBook("Nobody", "By GET")));
        app.Post("/stale", async (LibraryContext library, IDbContextFactory<LibraryContext> others) =>
        {
            var book = await library.Books.FirstAsync();
            await using (var other = await others.CreateDbContextAsync())
            {
                (await other.Books.SingleAsync(same => same.Id == book.Id)).Edition++;
                await other.SaveChangesAsync();
            }
            book.Title += "!";
            book.Edition++;
            return "changed";
        });
        app.Get("/one-by-one", async (LibraryContext library) =>
        {
            var titles = new List<string>();
            foreach (var author in await library.Authors.ToListAsync())
                titles.AddRange(await library.Books.Where(book => book.AuthorId == author.Id).Select(book => book.Title).ToListAsync());
            return titles;
        });
        app.Get("/at-once", async (LibraryContext library) =>
            (await library.Authors.Include(author => author.Books).ToListAsync()).SelectMany(author => author.Books).Select(book => book.Title).ToList());
    }

    private static string Add(LibraryContext library, NewBook book)
    {
        library.Books.Add(new Book { Title = book.Title, Author = new Author { Name = book.Author } });
        return "added";
    }

    private static async Task SeedAsync(LibraryContext library, CancellationToken cancellation)
    {
        if (await library.Books.AnyAsync(cancellation))
            return;
        for (var i = 1; i <= 7; i++)
            library.Books.Add(new Book { Title = $"Book {i}", Author = new Author { Name = $"Author {i}" } });
        await library.SaveChangesAsync(cancellation);
    }
}

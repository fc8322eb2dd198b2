// A JSON API: bound, validated, injected. Try it:
//   curl -i http://127.0.0.1:8080/books
//   curl -i http://127.0.0.1:8080/books -H 'Content-Type: application/json' -d '{"title":"Dune","pages":412}'
using System.ComponentModel.DataAnnotations;
using Gatehouse.Web;
using Microsoft.Extensions.DependencyInjection;

var app = new App(args);
app.Services.AddSingleton<Shelf>();

var books = app.Group("/books");
books.Get("/", (Shelf shelf, [Range(1, 1000)] int page = 1, [Range(1, 100)] int size = 20) => shelf.Page(page, size));
books.Get("/{id:int}", (int id, Shelf shelf) => shelf.Find(id)).Named("book");
books.Post("/", (NewBook book, Shelf shelf, Context context) =>
{
    var added = shelf.Add(book);
    return Results.Created(context.Url("book", new { added.Id }), added);
});
books.Put("/{id:int}", (int id, NewBook book, Shelf shelf) => shelf.Replace(id, book));
books.Delete("/{id:int}", (int id, Shelf shelf) => shelf.Remove(id) ? Results.NoContent() : Results.NotFound());

app.Run();

/// <summary>A book as a client describes it.</summary>
internal sealed record NewBook([Required, StringLength(200)] string Title, [Range(1, 100_000)] int Pages, [StringLength(200)] string? Author = null);

/// <summary>A book on the shelf.</summary>
internal sealed record Book(int Id, string Title, int Pages, string? Author);

/// <summary>The books, in memory.</summary>
internal sealed class Shelf
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, Book> _books = [];
    private int _last;

    public Book[] Page(int page, int size)
    {
        lock (_lock)
            return [.. _books.Values.Skip((page - 1) * size).Take(size)];
    }

    public Book? Find(int id)
    {
        lock (_lock)
            return _books.GetValueOrDefault(id);
    }

    public Book Add(NewBook book)
    {
        lock (_lock)
            return _books[++_last] = new Book(_last, book.Title, book.Pages, book.Author);
    }

    public Book? Replace(int id, NewBook book)
    {
        lock (_lock)
            return _books.ContainsKey(id) ? _books[id] = new Book(id, book.Title, book.Pages, book.Author) : null;
    }

    public bool Remove(int id)
    {
        lock (_lock)
            return _books.Remove(id);
    }
}

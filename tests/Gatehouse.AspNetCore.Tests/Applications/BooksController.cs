using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace Gatehouse.AspNetCore.Tests.Applications;

/// <summary>A book as a client sends it.</summary>
public sealed record Book([Required, StringLength(40)] string Title, [Range(1, 5000)] int Pages);

/// <summary>An API of MVC: routes, binding, validation.</summary>
[ApiController]
[Route("books")]
public sealed class BooksController : ControllerBase
{
    /// <summary>One book.</summary>
    [HttpGet("{id:int}")]
    public ActionResult<Book> Get(int id, [FromQuery] string? suffix) => id == 7 ? new Book("Seven" + suffix, 70) : NotFound();

    /// <summary>Takes a book.</summary>
    [HttpPost]
    public ActionResult<Book> Post(Book book) => CreatedAtAction(nameof(Get), new { id = 7 }, book);

    /// <summary>Takes a file and a field of a form.</summary>
    [HttpPost("cover")]
    public async Task<string> Cover(IFormFile file, [FromForm] string name)
    {
        using var reader = new StreamReader(file.OpenReadStream());
        return $"{name}:{file.FileName}:{await reader.ReadToEndAsync()}";
    }
}

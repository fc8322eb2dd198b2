using AspNet;
using Microsoft.AspNetCore.Http.HttpResults;
using TechEmpower.Data;

// TechEmpower's six tests on ASP.NET Core: the twin of examples/techempower.
//   --server kestrel|gatehouse   what serves it
//   --inline on                  with gatehouse, runs the application on the reactors
//   --listen ADDRESS:PORT        where it listens
//   --database CONNECTION        the PostgreSQL of /db, /queries, /fortunes and /updates, made by examples/techempower/schema.sql
//   --data ef                    uses EF Core instead of Dapper
var builder = WebApplication.CreateBuilder(args);
var settings = builder.Configuration;
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://" + (settings["listen"] ?? "127.0.0.1:8080"));
switch (settings["server"] ?? "gatehouse")
{
    case "gatehouse":
        builder.WebHost.UseGatehouse(options => options.RunsInline = settings["inline"] == "on");
        break;
    case "kestrel":
        break;
    case var other:
        await Console.Error.WriteLineAsync($"--server: found '{other}', expected kestrel or gatehouse");
        return 2;
}
builder.Services.AddWorlds(settings);
builder.Services.AddRazorComponents();

var app = builder.Build();
app.MapGet("/plaintext", () => "Hello, World!");
app.MapGet("/json", () => new Greeting("Hello, World!"));
var database = app.MapGroup("").AddEndpointFilter(async (context, next) =>
{
    try
    {
        return await next(context);
    }
    catch (NoDatabaseException)
    {
        return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }
});
database.MapGet("/db", (Worlds worlds) => worlds.AnyAsync());
database.MapGet("/queries", (Worlds worlds, string? queries) => worlds.SomeAsync(Worlds.CountOf(queries)));
database.MapGet("/updates", (Worlds worlds, string? queries) => worlds.UpdateAsync(Worlds.CountOf(queries)));
database.MapGet("/fortunes", async (Worlds worlds) => new RazorComponentResult<Fortunes>(new { Rows = await worlds.FortunesAsync() }));
await app.StartAsync();
Console.WriteLine($"listening on {string.Join(' ', app.Urls)}");
await app.WaitForShutdownAsync();
return 0;

/// <summary>What /json answers.</summary>
internal sealed record Greeting(string Message);

using Gatehouse.Web;
using TechEmpower.Data;

// TechEmpower's six tests on Gatehouse.Web.
//   --listen ADDRESS:PORT   where it listens
//   --inline off            runs /plaintext and /json on the thread pool instead of the reactor
//   --database CONNECTION   the PostgreSQL of /db, /queries, /fortunes and /updates, made by schema.sql
//   --data ef               uses EF Core instead of Dapper
var app = new App(args);
app.Services.AddWorlds(app.Configuration);

var isInline = app.Configuration["inline"] != "off";
OnReactor(app.Get("/plaintext", () => "Hello, World!"));
OnReactor(app.Get("/json", () => new Greeting("Hello, World!")));
app.Get("/db", (Worlds worlds) => worlds.AnyAsync()).Use(Absence.Wrap);
app.Get("/queries", (Worlds worlds, string? queries) => worlds.SomeAsync(Worlds.CountOf(queries))).Use(Absence.Wrap);
app.Get("/updates", (Worlds worlds, string? queries) => worlds.UpdateAsync(Worlds.CountOf(queries))).Use(Absence.Wrap);
app.Get("/fortunes", async (Worlds worlds) => Page(await worlds.FortunesAsync())).Use(Absence.Wrap);
app.Run();

void OnReactor(Route route)
{
    if (isInline)
        route.Inline();
}

static Html Page(List<Fortune> fortunes) => Html.Of(
    $"<!DOCTYPE html><html><head><title>Fortunes</title></head><body><table><tr><th>id</th><th>message</th></tr>{Rows(fortunes)}</table></body></html>");

static Html Rows(List<Fortune> fortunes) => Html.Join(fortunes.Select(fortune => Html.Of($"<tr><td>{fortune.Id}</td><td>{fortune.Message}</td></tr>")));

/// <summary>What /json answers.</summary>
internal sealed record Greeting(string Message);

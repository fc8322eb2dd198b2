using Gatehouse.Bench.Load;
using Gatehouse.Bench.Rows;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Parts;

/// <summary>Applications: TechEmpower's tests on Gatehouse.Web and on ASP.NET Core over Gatehouse, against ASP.NET Core on Kestrel and Python's frameworks.</summary>
internal sealed class FrameworkPart : IPart
{
    private static readonly Work Plaintext = new("/plaintext", "Hello, World!"u8.ToArray());
    private static readonly Work Json = new("/json", """{"message":"Hello, World!"}"""u8.ToArray());
    private static readonly Work Db = new("/db", default) { IsVaried = true };
    private static readonly Work Queries = new("/queries?queries=20", default) { IsVaried = true };
    private static readonly Work Updates = new("/updates?queries=20", default) { IsVaried = true };
    private static readonly Work Fortunes = new("/fortunes", default) { IsVaried = true };

    public string Name => "framework";

    public IReadOnlyList<(string, string)> Versioned =>
        [("dotnet", "--version"), ("/usr/bin/gunicorn", "--version"), (PythonApplication.Interpreter, "--version"), ("psql", "--version"), ("wrk", "-v")];

    public IReadOnlyList<string> Method =>
    [
        "TechEmpower's tests without pipelining: HTTP/1.1 keep-alive, 64 connections; wrk, one thread (closed loop)",
        "the applications: examples/techempower (Gatehouse.Web) and examples/aspnet (ASP.NET Core's minimal API, on Kestrel or on Gatehouse), the same data layer in both",
        $"PostgreSQL, on the load's core, so that its CPU does not count: {Postgres.CommonSettings}",
        "Python: one worker; Flask with psycopg on gunicorn, FastAPI with asyncpg on uvicorn (uvloop, httptools)",
    ];

    public IReadOnlyList<IRow> Rows =>
    [
        new FrameworkRow("plaintext", "plaintext, Gatehouse.Web inline", 0.45, Plaintext, DotnetExample.Web(isInline: true), DotnetExample.Kestrel()),
        new FrameworkRow("plaintext-pool", "plaintext, Gatehouse.Web on the pool", 0.70, Plaintext, DotnetExample.Web(isInline: false), DotnetExample.Kestrel()),
        new FrameworkRow("json", "JSON, Gatehouse.Web inline", 0.45, Json, DotnetExample.Web(isInline: true), DotnetExample.Kestrel()),
        new FrameworkRow("json-pool", "JSON, Gatehouse.Web on the pool", 0.70, Json, DotnetExample.Web(isInline: false), DotnetExample.Kestrel()),
        new FrameworkRow("aspnet-plaintext", "plaintext, ASP.NET Core on Gatehouse's pool", 0.85, Plaintext, DotnetExample.AspNetCore(isInline: false), DotnetExample.Kestrel()),
        new FrameworkRow("aspnet-plaintext-inline", "plaintext, ASP.NET Core on Gatehouse, inline", 0.75, Plaintext, DotnetExample.AspNetCore(isInline: true), DotnetExample.Kestrel()),
        new FrameworkRow("aspnet-json", "JSON, ASP.NET Core on Gatehouse's pool", 0.85, Json, DotnetExample.AspNetCore(isInline: false), DotnetExample.Kestrel()),
        new FrameworkRow("aspnet-json-inline", "JSON, ASP.NET Core on Gatehouse, inline", 0.75, Json, DotnetExample.AspNetCore(isInline: true), DotnetExample.Kestrel()),
        Data("db", "one row by Dapper", 0.90, Db, "dapper"),
        Data("db-ef", "one row by EF Core", 0.90, Db, "ef"),
        Data("queries", "20 rows by Dapper", 1.03, Queries, "dapper"),
        Data("queries-ef", "20 rows by EF Core", 1.03, Queries, "ef"),
        Data("updates", "20 rows changed by Dapper", 1.03, Updates, "dapper"),
        Data("updates-ef", "20 rows changed by EF Core", 1.03, Updates, "ef"),
        Data("fortunes", "a table of rows as a page, by Dapper", 0.85, Fortunes, "dapper"),
        Python("flask-plaintext", "plaintext, against Flask on gunicorn", 0.15, Plaintext, "techempower_flask", Gunicorn.Threaded),
        Python("flask-json", "JSON, against Flask on gunicorn", 0.15, Json, "techempower_flask", Gunicorn.Threaded),
        Python("flask-db", "one row, against Flask on gunicorn", 0.50, Db, "techempower_flask", Gunicorn.Threaded),
        Python("fastapi-plaintext", "plaintext, against FastAPI on uvicorn", 0.15, Plaintext, "techempower_asgi", [new Uvicorn()]),
        Python("fastapi-json", "JSON, against FastAPI on uvicorn", 0.15, Json, "techempower_asgi", [new Uvicorn()]),
        Python("fastapi-db", "one row, against FastAPI on uvicorn", 0.50, Db, "techempower_asgi", [new Uvicorn()]),
    ];

    private static FrameworkRow Data(string name, string title, double bound, Work work, string data) =>
        new(name, $"{title}, Gatehouse.Web", bound, work, DotnetExample.Web(isInline: false, data), DotnetExample.Kestrel(data)) { WithDatabase = true };

    private static FrameworkRow Python(string name, string title, double bound, Work work, string module, IServerProgram[] peers) =>
        new(name, title, bound, work, DotnetExample.Web(isInline: true), peers) { Application = module, WithDatabase = work.IsVaried };
}

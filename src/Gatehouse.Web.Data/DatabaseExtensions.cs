using Gatehouse.Http;
using Gatehouse.Protocols;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Web;

/// <summary>Gives an application its database.</summary>
public static class DatabaseExtensions
{
    /// <summary>
    /// Adds a context that handlers ask for by its type. Each request has one, and its changes are one unit of work: they are saved together, in one
    /// transaction, when the handler of an unsafe method has answered without an error and before that answer is sent; a handler that throws or answers 400 and
    /// above changes nothing. A database that is away is a 503, a row that another request changed meanwhile a 409.
    /// </summary>
    public static App AddDatabase<TContext>(this App app, Action<DatabaseOptions<TContext>>? configure = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(app);
        var options = new DatabaseOptions<TContext>();
        configure?.Invoke(options);
        var database = app.Configuration["database"] is { Length: > 0 } named ? named : options.Database;
        app.Services.AddSingleton(options);
        app.Services.AddDbContextFactory<TContext>((services, builder) =>
        {
            DatabasePlace.Use(builder, database, app.Root);
            if (app.IsDevelopment)
                builder.AddInterceptors(new RepeatWatch(options.RepeatsBeforeWarning, services.GetRequiredService<ILoggerFactory>().CreateLogger("Gatehouse.Web.Data")));
            if (options.Seed is { } seed)
                builder.UseAsyncSeeding((context, _, cancellation) => seed((TContext)context, cancellation));
            options.Configure?.Invoke(builder);
        });
        app.Services.AddScoped<UnitOfWork>();
        app.Services.AddScoped(services => services.GetRequiredService<UnitOfWork>().Begin(services.GetRequiredService<IDbContextFactory<TContext>>()));
        app.Use(static (context, next) => SaveBehindAsync(context, next));
        return app;
    }

    private static async ValueTask SaveBehindAsync(Context context, IHandler next)
    {
        var exchange = context.Exchange;
        try
        {
            await next.HandleAsync(exchange);
            if (exchange.Request.Method is Method.Get or Method.Head or Method.Options || exchange.Response.Status >= 400)
                return;
            await context.Services.GetRequiredService<UnitOfWork>().SaveAsync(context.Aborted);
        }
        catch (DbUpdateConcurrencyException) when (!exchange.Response.HasStarted)
        {
            exchange.Response.Reset();
            await new Problem(409, "What was to be changed has been changed by someone else meanwhile.").WriteAsync(context);
        }
        catch (Exception exception) when (!exchange.Response.HasStarted && Availability.IsAway(exception))
        {
            DataLog.DatabaseAway(context.App.Logger, context.RequestId, exception.Message);
            exchange.Response.Reset();
            exchange.Response.Headers.Set("Retry-After"u8, "5"u8);
            await new Problem(503, "The database cannot be reached.").WriteAsync(context);
        }
    }
}

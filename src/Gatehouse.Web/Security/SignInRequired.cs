using Gatehouse.Http;
using Gatehouse.Http.Negotiation;
using Gatehouse.Protocols;

namespace Gatehouse.Web;

/// <summary>Lets only users through who have signed in, and have one of some roles; others are sent to sign in, or told 401 or 403.</summary>
internal sealed class SignInRequired(IHandler inner, string? signInPath, string[] roles) : IHandler
{
    public async ValueTask HandleAsync(Exchange exchange)
    {
        var call = Call.Of(exchange);
        var session = await call.SessionAsync();
        if (!session.IsSignedIn)
        {
            var isPage = exchange.Request.Method is Method.Get or Method.Head && Accept.WeightOf(exchange.Request.Headers, "text/html"u8) > Accept.WeightOf(exchange.Request.Headers, "application/json"u8);
            if (signInPath is null || !isPage)
                new Problem(401, "Sign in first.").Write(call);
            else
                await Results.Redirect($"{signInPath}?return={Uri.EscapeDataString(call.Context.Path)}").WriteAsync(call.Context);
            return;
        }
        exchange.Notes.User = session.User;
        if (roles.Length > 0 && !roles.Intersect(session.Roles, StringComparer.Ordinal).Any())
            new Problem(403, $"Expected the role {string.Join(" or ", roles)}.").Write(call);
        else
            await inner.HandleAsync(exchange);
    }
}

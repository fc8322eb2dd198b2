using System.ComponentModel.DataAnnotations;
using Gatehouse.Web;

namespace Todo;

/// <summary>Who signs in; the first time makes the account.</summary>
internal sealed record Credentials(
    [Required, StringLength(40, MinimumLength = 2)] string Name,
    [Required, StringLength(100, MinimumLength = 8, ErrorMessage = "A password has 8 characters or more.")] string Password);

/// <summary>Signing in and out.</summary>
internal sealed class SessionController(Accounts accounts)
{
    [Get("/")]
    public static IResult Form(string? @return) => Page(null, @return);

    [Post("/")]
    public IResult SignIn(Input<Credentials> input, Session session, [FromForm] string? @return)
    {
        if (input is { IsValid: true, Value: { } who } && !accounts.SignIn(who.Name, who.Password))
            input.Add("password", "Name and password do not belong together.");
        if (!input.IsValid)
            return Page(input, @return);
        session.SignIn(input.Value!.Name);
        session.Flash($"Welcome, {input.Value.Name}!");
        return Results.Redirect(@return ?? "/todos", otherwise: "/todos");
    }

    [Post("/end")]
    public static IResult SignOut(Session session)
    {
        session.SignOut();
        return Results.Redirect("/session");
    }

    private static IResult Page(Input<Credentials>? input, string? @return) => Results.Template(
        "session/new",
        new { Name = input?.Text("name"), NameError = input?.Error("name"), PasswordError = input?.Error("password"), Return = @return },
        input is null ? 200 : 422);
}

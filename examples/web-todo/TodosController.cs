using System.ComponentModel.DataAnnotations;
using Gatehouse.Web;

namespace Todo;

/// <summary>What a form says of a thing to do.</summary>
internal sealed record NewTodo([Required(ErrorMessage = "Say what is to be done."), StringLength(200)] string Title, DateOnly? Due = null);

/// <summary>The things to do of the user who signed in.</summary>
internal sealed class TodosController(TodoLists lists)
{
    [Get("/")]
    public IResult Index(Session session) => Page(session, null);

    [Post("/")]
    public IResult Create(Input<NewTodo> input, Session session)
    {
        if (!input.IsValid)
            return Page(session, input);
        if (!lists.Of(session.User!).Add(input.Value!.Title, input.Value.Due))
            session.Flash("The list is full: do something first.", "error");
        return Results.Redirect("/todos");
    }

    [Post("/{id:int}/done")]
    public IResult Toggle(int id, Session session) => lists.Of(session.User!).Toggle(id) ? Results.Redirect("/todos") : Results.NotFound();

    [Post("/{id:int}/delete")]
    public IResult Delete(int id, Session session)
    {
        if (!lists.Of(session.User!).Remove(id))
            return Results.NotFound();
        session.Flash("Deleted.");
        return Results.Redirect("/todos");
    }

    private IResult Page(Session session, Input<NewTodo>? input) => Results.Template(
        "todos/index",
        new
        {
            Todos = lists.Of(session.User!).All(),
            Title = input?.Text("title"),
            Due = input?.Text("due"),
            TitleError = input?.Error("title"),
            DueError = input?.Error("due"),
        },
        input is null ? 200 : 422);
}

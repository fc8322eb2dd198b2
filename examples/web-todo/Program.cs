// A list of things to do: model, view and controller, with forms and sessions.
using Gatehouse.Web;
using Microsoft.Extensions.DependencyInjection;
using Todo;

var app = new App(args);
app.Services.AddSingleton<Accounts>();
app.Services.AddSingleton<TodoLists>();
app.Get("/", () => Results.Redirect("/todos"));
app.Group("/session").Controller<SessionController>();
app.Group("/todos").RequireSignIn("/session").Controller<TodosController>();
app.Run();

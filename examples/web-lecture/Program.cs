// The lecture's application, mended: what the client sends is escaped where it is shown.
using Gatehouse.Web;

var app = new App(args);
app.Get("/", (string name = "anonymous") => Html.Page($"<p>Hello, {name}!</p>"));
app.Run();

using System.CommandLine;
using Gatehouse.Cli.Commands;

var root = new RootCommand("The web-service stack between a socket and an application, as one program.")
{
    ServeCommand.Create(),
    CheckCommand.Create(),
    SchemaCommand.Create(),
    StatusCommand.Create(),
    ReloadCommand.Create(),
    StopCommand.Create(),
    CaCommand.Create(),
    CertCommand.Create(),
};
// Signals are the server's own business: it drains before it goes.
return root.Parse(args).Invoke(new InvocationConfiguration { ProcessTerminationTimeout = null });

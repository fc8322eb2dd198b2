using System.CommandLine;
using Gatehouse.Cli;

var root = new RootCommand("The web-service stack between a socket and an application, as one program.");
foreach (var verb in Verbs.For(args))
    root.Add(verb);
// Signals are the server's own business: it drains before it goes.
return root.Parse(args).Invoke(new InvocationConfiguration { ProcessTerminationTimeout = null });

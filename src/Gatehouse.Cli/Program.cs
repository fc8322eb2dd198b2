using System.CommandLine;
using Gatehouse.Cli;

var root = new RootCommand("The web-service stack between a socket and an application, as one program.");
foreach (var verb in Verbs.For(args))
    root.Add(verb);
// Signals are the server's own business: it drains before it goes.
// An argument that begins with @ is what it says: curl's -d @file has a meaning of its own.
return root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }).Invoke(new InvocationConfiguration { ProcessTerminationTimeout = null });

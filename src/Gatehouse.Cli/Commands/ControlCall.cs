using System.CommandLine;
using Gatehouse.Host.Control;

namespace Gatehouse.Cli.Commands;

/// <summary>Sends one command to a running server and prints the answer. Exit code 0 when it did as asked, 1 when it refused, 2 when no server answers.</summary>
internal static class ControlCall
{
    public static int Run(ParseResult result, Option<string?> state, string method, string path)
    {
        try
        {
            var (status, text) = ControlClient.Send(Options.ControlSocket(result, state), method, path);
            (status < 300 ? Console.Out : Console.Error).WriteLine(text.TrimEnd());
            return status < 300 ? 0 : 1;
        }
        catch (IOException exception)
        {
            Console.Error.WriteLine($"gatehouse: {exception.Message}");
            return 2;
        }
    }
}

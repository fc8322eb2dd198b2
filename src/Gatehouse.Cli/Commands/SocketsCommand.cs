using System.CommandLine;
using System.Net.Sockets;
using Gatehouse.Tools.Sockets;

namespace Gatehouse.Cli.Commands;

/// <summary><c>gatehouse sockets</c>: who listens and who is connected. Exit code 0, 1 when the kernel does not say.</summary>
internal static class SocketsCommand
{
    public static Command Create()
    {
        var tcp = new Option<bool>("--tcp", "-t") { Description = "TCP alone" };
        var udp = new Option<bool>("--udp", "-u") { Description = "UDP alone" };
        var listening = new Option<bool>("--listening", "-l") { Description = "Listeners alone" };
        var port = new Option<ushort?>("--port") { HelpName = "PORT", Description = "With this port at either end" };
        var json = new Option<bool>("--json") { Description = "As JSON" };
        var command = new Command("sockets", """
            List the TCP and UDP sockets of this machine: state, queues, round-trip time, retransmits, and the processes that have them

            Of a listener, recv-q is how many connections wait to be accepted, and send-q how many may. Processes of other users are seen by root only.

            Examples:
              gatehouse sockets -tl
              gatehouse sockets --port 443 --json
            """) { tcp, udp, listening, port, json };
        command.SetAction(result =>
        {
            var (onlyTcp, onlyUdp) = (result.GetValue(tcp), result.GetValue(udp));
            try
            {
                var table = new SocketTable(new SocketFilter(onlyTcp || !onlyUdp, onlyUdp || !onlyTcp, result.GetValue(listening), result.GetValue(port)));
                Console.Out.Write(result.GetValue(json) ? table.ToJson() : table.ToString());
                return 0;
            }
            catch (SocketException exception)
            {
                Console.Error.WriteLine($"gatehouse: {exception.Message}");
                return 1;
            }
        });
        return command;
    }
}

using System.CommandLine;
using Gatehouse.Tools;
using Gatehouse.Tools.Dig;

namespace Gatehouse.Cli.Commands;

/// <summary><c>gatehouse dig</c>: asks name servers, over UDP, TCP, TLS and HTTPS. Exit codes are dig's: 0 for any answer, 1 for a wrong call, 9 for none.</summary>
internal static class DigCommand
{
    public static Command Create()
    {
        var words = new Argument<string[]>("NAME [TYPE...] [@SERVER] [+OPTION...]")
        {
            Description = "What to ask, of whom: an address, tcp://, tls:// or https://; without a server those of /etc/resolv.conf. Options are dig's: "
                + "+short, +json, +trace, +dnssec, +validate, +tcp, +norecurse, +cd, +noedns, +timeout=SECONDS, +subnet=ADDRESS/BITS",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var reverse = new Option<string?>("-x") { HelpName = "ADDRESS", Description = "Ask for the name of this address" };
        var port = new Option<ushort?>("--port", "-p") { HelpName = "PORT", Description = "The server's port, and that of all servers of a trace" };
        var isShort = Flag("--short", "The answers' data alone");
        var json = Flag("--json", "As JSON");
        var trace = Flag("--trace", "Walk from the root down");
        var explain = Flag("--explain", "Say which source answers for this host (hosts file, cache, server), and why");
        var dnssec = Flag("--dnssec", "Ask for signatures");
        var validate = Flag("--validate", "Check signatures from the trust anchor down");
        var anchor = Text("--trust-anchor", "FILE", "DS or DNSKEY records to trust instead of the root's keys");
        var hints = Text("--root-hints", "FILE", "The root's servers, as in named.root, instead of the Internet's");
        var ca = Text("--ca", "FILE", "Trust the authorities in this file instead of the system's");
        var tcp = Flag("--tcp", "Ask over TCP");
        var timeout = new Option<double>("--timeout") { HelpName = "SECONDS", Description = "Wait so long for a server", DefaultValueFactory = _ => 5 };
        var command = new Command("dig", """
            Ask name servers, and show what they answer in the shape of dig

            Examples:
              gatehouse dig example.com
              gatehouse dig example.com AAAA MX @192.0.2.53
              gatehouse dig example.com HTTPS @tls://9.9.9.9#name=dns.quad9.net
              gatehouse dig example.com @https://dns.quad9.net/dns-query#address=9.9.9.9
              gatehouse dig --trace --validate example.com
              gatehouse dig -x 192.0.2.1 --short
              gatehouse dig --explain localhost
            """)
        {
            words, reverse, port, isShort, json, trace, explain, dnssec, validate, anchor, hints, ca, tcp, timeout,
        };
        command.SetAction((result, cancellation) => RunAsync(
            new DigOptions
            {
                Words = result.GetValue(words) ?? [],
                Reverse = result.GetValue(reverse),
                Port = result.GetValue(port),
                IsShort = result.GetValue(isShort),
                IsJson = result.GetValue(json),
                IsTrace = result.GetValue(trace),
                IsExplain = result.GetValue(explain),
                Dnssec = result.GetValue(dnssec),
                Validates = result.GetValue(validate),
                TrustAnchor = result.GetValue(anchor),
                RootHints = result.GetValue(hints),
                Authorities = result.GetValue(ca),
                Tcp = result.GetValue(tcp),
                Timeout = result.GetValue(timeout),
            },
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(DigOptions options, CancellationToken cancellation)
    {
        try
        {
            return await new DigRunner(options, Console.Out).RunAsync(cancellation);
        }
        catch (ToolException exception)
        {
            Console.Error.WriteLine($"gatehouse: {exception.Message}");
            return exception.ExitCode;
        }
    }

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    private static Option<string?> Text(string name, string value, string description) => new(name) { HelpName = value, Description = description };
}

using System.CommandLine;
using System.Globalization;
using Gatehouse.Pki;
using Gatehouse.Pki.Authority;
using Gatehouse.Pki.Chains;
using Gatehouse.Pki.Names;

namespace Gatehouse.Cli.Commands;

/// <summary>
/// <c>gatehouse cert</c>: certificates of the local authority, and anybody's examined. Exit code 0 for a good one, 1 for a bad one or a refusal, 2 when there
/// was nothing to look at.
/// </summary>
internal static class CertCommand
{
    private const int Unreadable = 2;

    public static Command Create() => new("cert", "Certificates: issue one from the local authority, show one, verify one") { Issue(), Show(), Verify() };

    private static Command Issue()
    {
        var names = new Argument<string[]>("NAME") { Description = "DNS names, wildcards like *.shop.test, IP addresses", Arity = ArgumentArity.OneOrMore };
        var days = new Option<int>("--days") { Description = "Days that it is valid", DefaultValueFactory = _ => 90, HelpName = "N" };
        var cert = new Option<string?>("--cert") { Description = "Where to write the certificate; by default NAME.pem here", HelpName = "FILE" };
        var key = new Option<string?>("--key") { Description = "Where to write its private key; by default NAME.key here", HelpName = "FILE" };
        var client = new Option<bool>("--client") { Description = "Let clients show it too" };
        var state = Options.State();
        var command = new Command("issue", "Issue a certificate from the local authority, which is made when there is none") { names, days, cert, key, client, state };
        command.SetAction(result => CaCommand.Try(() =>
        {
            var wanted = result.GetRequiredValue(names).Select(ParseName).ToList();
            if (result.GetValue(days) is var life && life is < 1 or > 3650)
                throw new IssueException($"--days: found {life}, expected 1 to 3650");
            using var authority = LocalAuthority.FindOrCreate(Options.StateFolderPath(result, state));
            var issued = authority.Issue(wanted, TimeSpan.FromDays(life), result.GetValue(client));
            var stem = wanted[0].ToString().Replace('*', '_').Replace(':', '_');
            var certFile = Path.GetFullPath(result.GetValue(cert) ?? $"{stem}.pem");
            var keyFile = Path.GetFullPath(result.GetValue(key) ?? $"{stem}.key");
            issued.Save(certFile, keyFile);
            Console.Out.WriteLine($"names        {string.Join(", ", issued.Names)}");
            Console.Out.WriteLine($"certificate  {certFile}");
            Console.Out.WriteLine($"key          {keyFile}");
            Console.Out.WriteLine($"valid until  {issued.NotAfter:u}");
            if (!new SystemTrustStore().Has(authority))
                Console.Out.WriteLine("This system does not trust the authority yet: gatehouse ca install");
        }));
        return command;
    }

    private static Command Show()
    {
        var what = What();
        var name = new Option<string?>("--name") { Description = "The name to ask a server for (SNI); by default its host", HelpName = "NAME" };
        var json = Json();
        var command = new Command("show", "Show the certificates of a server or a file") { what, name, json };
        command.SetAction((result, cancellation) => Task.FromResult(CaCommand.Try(
            () =>
            {
                var target = CertTarget.Parse(result.GetRequiredValue(what), result.GetValue(name));
                var chain = target.ReadAsync(cancellation).GetAwaiter().GetResult();
                Console.Out.Write(result.GetValue(json) ? ChainWriter.Json(chain) : ChainWriter.Text(chain));
            },
            Unreadable)));
        return command;
    }

    private static Command Verify()
    {
        var what = What();
        var name = new Option<string?>("--name") { Description = "The name that it should be for; by default the server's host, and for a file none", HelpName = "NAME" };
        var ca = new Option<string?>("--ca") { Description = "Trust the authorities in this file instead of the system's", HelpName = "FILE" };
        var json = Json();
        var state = Options.State();
        var command = new Command("verify", "Explain step by step whether clients accept a server's certificate, or a file's; exit code 1 when they do not")
        {
            what, name, ca, json, state,
        };
        command.SetAction((result, cancellation) => Task.FromResult(Verify(
            result.GetRequiredValue(what), result.GetValue(name), result.GetValue(ca), result.GetValue(json), Options.StateFolderPath(result, state), cancellation)));
        return command;
    }

    private static int Verify(string what, string? name, string? ca, bool asJson, string state, CancellationToken cancellation)
    {
        ChainReport? report = null;
        var failed = CaCommand.Try(
            () =>
            {
                var target = CertTarget.Parse(what, name);
                var trusted = ca is null ? TrustedRoots.OfSystem() : TrustedRoots.OfFile(ca);
                var chain = target.ReadAsync(cancellation).GetAwaiter().GetResult();
                using var authority = LocalAuthority.Find(state);
                report = new ChainExaminer(trusted, TimeProvider.System.GetUtcNow(), authority?.Root).Examine(chain, target.Name);
                Console.Out.Write(asJson ? ChainWriter.Json(report) : ChainWriter.Text(report));
            },
            Unreadable);
        return report is null ? failed : report.IsGood ? 0 : 1;
    }

    private static CertificateName ParseName(string text) =>
        CertificateName.TryParse(text, out var name, out var fault) ? name : throw new IssueException(fault);

    private static Argument<string> What() => new("HOST[:PORT] or FILE") { Description = "A server (port 443 unless given) or a file with certificates" };

    private static Option<bool> Json() => new("--json") { Description = "As JSON" };

    /// <summary>A server or a file, and the name to look for.</summary>
    private sealed record CertTarget(string? File, string Host, int Port, CertificateName? Name)
    {
        private const int DefaultPort = 443;

        // What exists here as a file is a file; a path with a slash can be nothing else.
        public static CertTarget Parse(string what, string? name)
        {
            CertificateName? wanted = name is null ? null : ParseName(name);
            if (System.IO.File.Exists(what) || what.Contains('/', StringComparison.Ordinal))
                return new CertTarget(what, "", 0, wanted);
            var (host, port) = Split(what);
            return new CertTarget(null, host, port, wanted ?? ParseName(host));
        }

        public Task<PresentedChain> ReadAsync(CancellationToken cancellation) =>
            File is not null ? Task.FromResult(ChainFile.Read(File)) : ChainFetcher.FetchAsync(Host, Port, Name!.Value.ToString(), cancellation);

        private static (string Host, int Port) Split(string text)
        {
            var colon = text.LastIndexOf(':');
            var isBareV6 = colon >= 0 && text[0] != '[' && text.IndexOf(':', StringComparison.Ordinal) != colon;
            if (colon < 0 || isBareV6 || text[^1] == ']')
                return (text.Trim('[', ']'), DefaultPort);
            if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
                throw new IOException($"found the port '{text[(colon + 1)..]}', expected 1 to 65535");
            return (text[..colon].Trim('[', ']'), port);
        }
    }
}

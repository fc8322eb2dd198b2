using System.CommandLine;
using System.ComponentModel;
using System.Security.Cryptography;
using Gatehouse.Pki;
using Gatehouse.Pki.Authority;

namespace Gatehouse.Cli.Commands;

/// <summary><c>gatehouse ca</c>: the local certificate authority. Exit code 0 when it did as asked, 1 when it could not.</summary>
internal static class CaCommand
{
    public static Command Create() => new("ca", "The local certificate authority: make it, show it, have this system trust it") { Init(), Show(), Install() };

    private static Command Init()
    {
        var state = Options.State();
        var only = new Option<string[]>("--only")
        {
            Description = "Sign nothing but these domains (with all names below them), addresses and ranges of addresses; written into the root for good",
            HelpName = "NAME",
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("init", "Make an authority: a root certificate and its key in the state folder, readable by you alone") { only, state };
        command.SetAction(result => Try(() =>
        {
            NameConstraints? constraints = null;
            if (result.GetValue(only) is { Length: > 0 } names && !NameConstraints.TryParse(names, out constraints, out var fault))
                throw new IssueException($"--only: {fault}");
            var folder = Options.StateFolderPath(result, state);
            using (var found = LocalAuthority.Find(folder))
            {
                if (found is not null)
                    throw new IssueException($"there is an authority already in {found.Folder} (gatehouse ca show)");
            }
            using var made = LocalAuthority.Create(folder, constraints);
            Describe(made);
            Console.Out.WriteLine("Have this system trust it with: gatehouse ca install");
        }));
        return command;
    }

    private static Command Show()
    {
        var state = Options.State();
        var pem = new Option<bool>("--pem") { Description = "Print the root certificate in PEM and nothing else, for other machines to trust" };
        var command = new Command("show", "Show the authority: its root certificate, where it is, whether this system trusts it") { pem, state };
        command.SetAction(result => Try(() =>
        {
            using var authority = Find(Options.StateFolderPath(result, state));
            if (result.GetValue(pem))
                Console.Out.WriteLine(authority.Root.ExportCertificatePem());
            else
                Describe(authority);
        }));
        return command;
    }

    private static Command Install()
    {
        var state = Options.State();
        var uninstall = new Option<bool>("--uninstall") { Description = "Take it out again" };
        var command = new Command("install", "Have this system trust the authority (Debian: update-ca-certificates); made first when there is none. Needs root") { uninstall, state };
        command.SetAction(result => Try(() =>
        {
            var folder = Options.StateFolderPath(result, state);
            var store = new SystemTrustStore();
            try
            {
                using var authority = result.GetValue(uninstall) ? Find(folder) : LocalAuthority.FindOrCreate(folder);
                foreach (var sentence in result.GetValue(uninstall) ? store.Uninstall(authority) : store.Install(authority))
                    Console.Out.WriteLine(sentence);
            }
            catch (UnauthorizedAccessException exception)
            {
                throw new UnauthorizedAccessException($"{exception.Message} Run it as root: sudo gatehouse ca install --state {folder}", exception);
            }
        }));
        return command;
    }

    /// <summary>The authority in a state folder, for commands that need one.</summary>
    public static LocalAuthority Find(string folder) =>
        LocalAuthority.Find(folder) ?? throw new IssueException($"there is no authority in {folder}; make one with: gatehouse ca init");

    /// <summary>Runs what may fail for reasons that a person can mend.</summary>
    public static int Try(Action action, int failure = 1)
    {
        try
        {
            action();
            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or IssueException or Win32Exception)
        {
            Console.Error.WriteLine($"gatehouse: {exception.Message}");
            return failure;
        }
    }

    private static void Describe(LocalAuthority authority)
    {
        Console.Out.WriteLine($"root         {authority.Root.Subject}");
        Console.Out.WriteLine($"certificate  {authority.RootFile}");
        Console.Out.WriteLine($"key          {authority.RootKeyFile}");
        Console.Out.WriteLine($"signs        {authority.Constraints?.ToString() ?? "any name"}");
        Console.Out.WriteLine($"valid until  {authority.Root.NotAfter.ToUniversalTime():u}");
        Console.Out.WriteLine($"SHA-256      {authority.Fingerprint}");
        Console.Out.WriteLine($"trusted      {(new SystemTrustStore().Has(authority) ? "yes, by this system" : "not by this system (gatehouse ca install)")}");
    }
}

using Gatehouse.Testing;

namespace Gatehouse.Cli.Tests;

/// <summary>Runs the program in a folder of its own, away from the state and the checkout of who runs the tests.</summary>
internal static class TheProgram
{
    /// <summary>How long one wait may take on a loaded machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static PeerResult Run(TempFolder folder, params string[] arguments) => GatehouseProcess.Run(arguments, Patience, folder.Path, Environment(folder));

    public static PeerProcess Start(TempFolder folder, string? checkout, params string[] arguments)
    {
        var environment = Environment(folder);
        environment["GATEHOUSE_CHECKOUT"] = checkout;
        return PeerProcess.Start(GatehouseProcess.Program, arguments, folder.Path, environment);
    }

    public static RawResponse Get(int port, string target, params string[] fields)
    {
        using var client = RawClient.Connect(port, timeout: Patience);
        client.Send($"GET {target} HTTP/1.1\r\nHost: test.example\r\n{string.Concat(fields.Select(field => field + "\r\n"))}\r\n");
        return client.ReadResponse();
    }

    private static Dictionary<string, string?> Environment(TempFolder folder) => new()
    {
        ["GATEHOUSE_STATE"] = folder["state"],
        ["GATEHOUSE_CHECKOUT"] = null,
    };
}

using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Servers;

/// <summary>A server program with one choice of settings.</summary>
internal interface IServerProgram
{
    /// <summary>The name in the table: "nginx".</summary>
    string Name { get; }

    /// <summary>The settings that were chosen, as they stand beside the row; empty when there was no choice.</summary>
    string Settings { get; }

    /// <summary>Writes the configuration and says how the program is started with it, in the foreground.</summary>
    Launch Configure(ServerSetup setup);
}

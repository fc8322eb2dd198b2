using System.Text.RegularExpressions;

namespace Gatehouse.Architecture.Tests;

/// <summary>
/// The seams that docs/ARCHITECTURE.md names: pure protocols, one unsafe room, handlers that see no transport, libraries that do not write on the console.
/// </summary>
public sealed partial class SeamTests
{
    private const string UnsafeRoom = "src/Gatehouse.Net/Interop/";

    // Streams are transports both ways; logs are sent to syslog from a thread of their own, not by a handler.
    private static readonly string[] SocketRooms = ["src/Gatehouse.Edge/Streams/", "src/Gatehouse.Edge/Logs/"];

    [Fact]
    public void Protocols_names_no_type_that_does_or_awaits_io()
    {
        var protocols = Assert.Single(LibraryAssembly.All, library => library.Name == "Gatehouse.Protocols");
        Offenders.None("Gatehouse.Protocols is pure, and names:", protocols.ReferencedTypes.Where(IsIo).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Unsafe_code_and_native_calls_stand_in_one_room()
    {
        var elsewhere = SourceProject.All.SelectMany(project => project.Sources).Where(file => !file.Path.StartsWith(UnsafeRoom, StringComparison.Ordinal));
        Offenders.None($"Only {UnsafeRoom} holds unsafe code and native calls:", Offenders.Lines(elsewhere, UnsafeCode()));
        Offenders.None("Only Gatehouse.Net allows unsafe blocks:", SourceProject.All
            .Where(project => project.Name != "Gatehouse.Net" && project.Xml.Descendants("AllowUnsafeBlocks").Any()).Select(project => project.Name));
    }

    [Fact]
    public void Handlers_and_applications_see_no_transport()
    {
        var files = SourceProject.All.Where(project => project.Name is "Gatehouse.Edge" or "Gatehouse.Web").SelectMany(project => project.Sources)
            .Where(file => !SocketRooms.Any(room => file.Path.StartsWith(room, StringComparison.Ordinal)));
        Offenders.None("A handler sees an Exchange, and a Duplex after an upgrade; only Edge/Streams and Edge/Logs have sockets:",
            Offenders.Lines(files, TransportName()));
    }

    [Fact]
    public void Only_commands_write_on_the_console()
    {
        var libraries = SourceProject.All.Where(project => project.Name is not ("Gatehouse.Cli" or "Gatehouse.Tools"));
        Offenders.None("A library does not own the console:", Offenders.Lines(libraries.SelectMany(project => project.Sources), ConsoleUse()));
    }

    // Exceptions of System.IO say that data is bad and do nothing.
    private static bool IsIo(string type) =>
        type.StartsWith("System.Net.Sockets.", StringComparison.Ordinal) ||
        type.StartsWith("System.Threading.", StringComparison.Ordinal) ||
        (type.StartsWith("System.IO.", StringComparison.Ordinal) && !type.EndsWith("Exception", StringComparison.Ordinal));

    [GeneratedRegex(@"\bunsafe\b|\bDllImport\b|\bLibraryImport\b|\bNativeLibrary\b")]
    private static partial Regex UnsafeCode();

    [GeneratedRegex(@"\b(Transport|ITransportEvents|Connector|Listener|Socket)\b|\bSystem\.Net\.Sockets\b|\bGatehouse\.Net\.Transports\b")]
    private static partial Regex TransportName();

    // Standard output as a destination of the access log is opened as a stream, which is not this.
    [GeneratedRegex(@"\bConsole\.(Write|Out|Error|Read|In)\w*")]
    private static partial Regex ConsoleUse();
}

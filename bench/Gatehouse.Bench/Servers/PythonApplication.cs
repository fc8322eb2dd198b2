namespace Gatehouse.Bench.Servers;

/// <summary>A Python application of a row: its module, whose callable is <c>application</c>, in a folder.</summary>
internal sealed record PythonApplication(string Folder, string Module, int Workers = 1)
{
    /// <summary>Debian's interpreter, whose packages the peers are.</summary>
    public const string Interpreter = "/usr/bin/python3";

    /// <summary>What every server is given.</summary>
    public string Name => Module + ":application";

    /// <summary>It speaks ASGI.</summary>
    public bool IsAsync => Module.EndsWith("_asgi", StringComparison.Ordinal);
}

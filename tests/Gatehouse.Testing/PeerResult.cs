namespace Gatehouse.Testing;

/// <summary>How a program ended and what it wrote.</summary>
/// <param name="ExitCode">The exit code; 128 and the signal's number when a signal ended it.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record PeerResult(int ExitCode, string Output, string Error)
{
    /// <summary>Fails the test with everything the program wrote unless it ended with <paramref name="exitCode"/>; gives itself.</summary>
    public PeerResult Expect(int exitCode = 0)
    {
        Assert.True(ExitCode == exitCode, $"Exit code {exitCode} expected, found {ExitCode}.\nstdout: {Output}\nstderr: {Error}");
        return this;
    }
}

using System.Buffers.Text;
using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Acme.Challenges;

/// <summary>
/// Proofs by a TXT record (RFC 8555 section 8.4), which a program of the user's puts into the zone: run as <c>PROGRAM present NAME VALUE</c>, it ends when the
/// record can be seen, and as <c>PROGRAM cleanup NAME VALUE</c> it takes it away. The only way to a wildcard.
/// </summary>
/// <param name="program">The program.</param>
/// <param name="patience">How long one run may take; ten minutes when null, since some zones take that long to be seen.</param>
public sealed class DnsHookChallenges(string program, TimeSpan? patience = null) : IChallengeSolver
{
    private const int MaxOutput = 4096;

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public string Type => "dns-01";

    /// <inheritdoc/>
    public bool CanProve(CertificateName name, bool isWildcard) => !name.IsAddress;

    /// <inheritdoc/>
    public async Task<IAsyncDisposable> PresentAsync(CertificateName name, string token, string keyAuthorization, CancellationToken cancellation)
    {
        var record = $"_acme-challenge.{name.Host}";
        var value = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(keyAuthorization)));
        await RunAsync("present", record, value, cancellation);
        return new Proof(async () =>
        {
            try
            {
                await RunAsync("cleanup", record, value, CancellationToken.None);
            }
            catch (IssueException)
            {
                // A record that stays behind proves nothing any more and does no harm.
            }
        });
    }

    private async Task RunAsync(string action, string record, string value, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, [action, record, value])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_patience);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            throw new IssueException($"the DNS hook {program} could not be started: {exception.Message}", exception);
        }
        using (process)
        {
            process.StandardInput.Close();
            var said = process.StandardError.ReadToEndAsync(limit.Token);
            var ignored = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, limit.Token);
            try
            {
                await process.WaitForExitAsync(limit.Token);
                var words = await said;
                await ignored;
                if (process.ExitCode != 0)
                    throw new IssueException($"the DNS hook {program} {action} {record} ended with {process.ExitCode}: {words[..Math.Min(words.Length, MaxOutput)].Trim()}");
            }
            catch (OperationCanceledException exception)
            {
                process.Kill(entireProcessTree: true);
                cancellation.ThrowIfCancellationRequested();
                throw new IssueException($"the DNS hook {program} {action} {record} did not end within {_patience.TotalSeconds} s and was stopped", exception);
            }
        }
    }
}

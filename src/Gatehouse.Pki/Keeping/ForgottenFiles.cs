using System.Security.Cryptography;

namespace Gatehouse.Pki.Keeping;

/// <summary>Files of certificates that nobody keeps any more: a site that left comes back to its certificate for a while, and then they go.</summary>
internal static class ForgottenFiles
{
    // An expired certificate is of no use to anybody; a month leaves time to find out why it was not renewed.
    private static readonly TimeSpan KeptExpired = TimeSpan.FromDays(30);

    // A write takes moments: a draft of yesterday is of a process that ended in the middle.
    private static readonly TimeSpan KeptDraft = TimeSpan.FromDays(1);

    /// <summary>Removes them from a folder. What cannot be read or removed stays.</summary>
    public static void Remove(string folder, IReadOnlySet<string> keptKeys, DateTimeOffset now)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            try
            {
                if (IsForgotten(file, keptKeys, now))
                    File.Delete(file);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
            {
                // It is looked at again tomorrow.
            }
        }
    }

    private static bool IsForgotten(string file, IReadOnlySet<string> keptKeys, DateTimeOffset now) => Path.GetExtension(file) switch
    {
        ".pem" => !keptKeys.Contains(Path.GetFileNameWithoutExtension(file)) && IssuedCertificate.Load(file) is { } stored && stored.NotAfter + KeptExpired < now,
        ".draft" => File.GetLastWriteTimeUtc(file) + KeptDraft < now,
        _ => false,
    };
}

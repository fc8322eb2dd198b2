namespace Gatehouse.Pki.Acme.Server;

/// <summary>A kind of certificate that clients can choose (draft-ietf-acme-profiles).</summary>
internal sealed record ServerProfile(string Name, string Description, TimeSpan Lifetime)
{
    /// <summary>All of them, the one of those who do not choose first: clients like certbot renew a month before the end.</summary>
    public static IReadOnlyList<ServerProfile> All { get; } =
    [
        new("classic", "Valid for 90 days", TimeSpan.FromDays(90)),
        new("shortlived", "Valid for 6 days", TimeSpan.FromDays(6)),
    ];

    public static ServerProfile? Find(string name) => All.FirstOrDefault(profile => profile.Name == name);
}

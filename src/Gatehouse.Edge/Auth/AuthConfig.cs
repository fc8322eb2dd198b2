using System.Text;
using Gatehouse.Http;
using Gatehouse.Http.Settings;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Auth;

/// <summary>Who may ask: clients that prove who they are.</summary>
public sealed record AuthConfig : ICheckedSettings
{
    /// <summary>Users and passwords.</summary>
    [Setting("Ask for a user and a password (HTTP Basic)")]
    public required BasicConfig Basic { get; init; }

    /// <summary>The field that tells the handler the user; null for none.</summary>
    [Setting("Request field that tells the handler and its upstreams the user; what a client sends there is dropped")]
    public string? Header { get; init; }

    /// <summary>Whether the handler sees no Authorization.</summary>
    [Setting("Hide the Authorization field from the handler and its upstreams")]
    public bool Strip { get; init; }

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (Header is not null && (!HeaderSyntax.IsToken(Encoding.UTF8.GetBytes(Header)) || !HeaderEditor.MayChange(Encoding.UTF8.GetBytes(Header))))
            faults.Report("header", $"found '{Header}', expected the name of a field like X-Remote-User");
    }
}

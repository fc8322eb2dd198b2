namespace Gatehouse.Http;

/// <summary>What handlers note about an exchange for logs and metrics; strings here are shared ones (a target's name), never made for the request.</summary>
public sealed class ExchangeNotes
{
    /// <summary>The authenticated user, or null.</summary>
    public string? User { get; set; }

    /// <summary>The route that answered, as the configuration names it.</summary>
    public string? Route { get; set; }

    /// <summary>The upstream target that answered last, or null.</summary>
    public string? Upstream { get; set; }

    /// <summary>How often an upstream was tried.</summary>
    public int UpstreamTries { get; set; }

    /// <summary>Status code of the upstream's answer, 0 when there was none.</summary>
    public int UpstreamStatus { get; set; }

    /// <summary>Stopwatch ticks from the first try to the upstream's head.</summary>
    public long UpstreamTicks { get; set; }

    /// <summary>How often a handler had the request answered by another route, under another path.</summary>
    public int InternalRedirects { get; set; }

    /// <summary>Which step failed and which limit was hit, in words; null when nothing did.</summary>
    public string? Failure { get; set; }

    /// <summary>Makes the notes blank.</summary>
    public void Reset()
    {
        User = Route = Upstream = Failure = null;
        UpstreamTries = UpstreamStatus = InternalRedirects = 0;
        UpstreamTicks = 0;
    }
}

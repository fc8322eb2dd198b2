using Gatehouse.Http.Client;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Load;

/// <summary>What load is made of, and how much.</summary>
public sealed record LoadPlan
{
    /// <summary>Where it goes.</summary>
    public required Endpoint Target { get; init; }

    /// <summary>How TLS is spoken; null for none.</summary>
    public ClientTls? Tls { get; init; }

    /// <summary>The request's method, which says whether its answer has a body.</summary>
    public Method Method { get; init; } = Method.Get;

    /// <summary>The request, head and body, as it is sent each time.</summary>
    public required ReadOnlyMemory<byte> Request { get; init; }

    /// <summary>Connections of all threads together.</summary>
    public int Connections { get; init; } = 50;

    /// <summary>Threads, each with a reactor.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>How long requests are begun; ignored when <see cref="Requests"/> is given.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many requests are made; 0 for as many as the time allows.</summary>
    public long Requests { get; init; }

    /// <summary>Requests that are due each second, whether or not others are answered (open model); 0 to send the next when the last is answered (closed model).</summary>
    public double Rate { get; init; }

    /// <summary>How long the rate takes to grow from 0.</summary>
    public TimeSpan Ramp { get; init; }

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}

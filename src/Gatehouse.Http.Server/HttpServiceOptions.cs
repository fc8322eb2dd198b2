namespace Gatehouse.Http.Server;

/// <summary>How an <see cref="HttpService"/> behaves.</summary>
public sealed record HttpServiceOptions
{
    /// <summary>How many reactors; one for each core by default.</summary>
    public int Reactors { get; init; } = Environment.ProcessorCount;

    /// <summary>What a connection may cost.</summary>
    public ServerLimits Limits { get; init; } = ServerLimits.Default;

    /// <summary>Who hears of what the server refuses and of handlers that fail.</summary>
    public IServerEvents? Events { get; init; }

    /// <summary>Told of an exception that a callback on a reactor let escape.</summary>
    public Action<Exception>? CallbackFailed { get; init; }

    /// <summary>Told that something has held a reactor for so long that others had to wait.</summary>
    public Action<TimeSpan>? ReactorHeld { get; init; }
}

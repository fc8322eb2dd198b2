namespace Gatehouse.Bench;

/// <summary>How long and how often: seconds and counts.</summary>
internal sealed record Plan
{
    /// <summary>Minutes that can be trusted.</summary>
    public static readonly Plan Full = new()
    {
        WarmUpSeconds = 6,
        ChoiceRounds = 2,
        ChoiceSeconds = 2,
        Rounds = 7,
        RoundSeconds = 3,
        AllocationSeconds = 6,
        RatedRounds = 5,
        RatedSeconds = 5,
        SettleSeconds = 3,
    };

    /// <summary>The whole part within three minutes.</summary>
    public static readonly Plan Quick = new()
    {
        WarmUpSeconds = 2,
        ChoiceRounds = 1,
        ChoiceSeconds = 1,
        Rounds = 3,
        RoundSeconds = 1,
        AllocationSeconds = 2,
        RatedRounds = 2,
        RatedSeconds = 2,
        SettleSeconds = 1,
    };

    /// <summary>Load before Gatehouse is measured: .NET compiles hot methods anew, with what it learnt, in the first seconds.</summary>
    public required int WarmUpSeconds { get; init; }

    /// <summary>Rounds for each setting of a peer, to find its best.</summary>
    public required int ChoiceRounds { get; init; }

    public required int ChoiceSeconds { get; init; }

    /// <summary>Measured rounds for each server, alternating.</summary>
    public required int Rounds { get; init; }

    public required int RoundSeconds { get; init; }

    /// <summary>Load in which allocations are counted.</summary>
    public required int AllocationSeconds { get; init; }

    /// <summary>Rounds at a fixed rate.</summary>
    public required int RatedRounds { get; init; }

    public required int RatedSeconds { get; init; }

    /// <summary>Rest before resident memory is read.</summary>
    public required int SettleSeconds { get; init; }
}

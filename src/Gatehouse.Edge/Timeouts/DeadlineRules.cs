namespace Gatehouse.Edge.Timeouts;

/// <summary>The limits of one route, in milliseconds, and the words for each that is hit.</summary>
/// <param name="Answer">To the beginning of the answer; <see cref="long.MaxValue"/> for none.</param>
/// <param name="Request">To its end; <see cref="long.MaxValue"/> for none.</param>
/// <param name="AnswerFailure">What is noted when the answer did not begin.</param>
/// <param name="RequestFailure">What is noted when it did not end.</param>
internal sealed record DeadlineRules(long Answer, long Request, string AnswerFailure, string RequestFailure);

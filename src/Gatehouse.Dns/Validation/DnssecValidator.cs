using Gatehouse.Protocols.Dns.Messages;

namespace Gatehouse.Dns.Validation;

/// <summary>Brings the answer to a question with its signatures (DO), not validated by others (CD).</summary>
public delegate ValueTask<ReadOnlyMemory<byte>> RecordFetch(DnsQuestion question, CancellationToken cancellation);

/// <summary>
/// Checks the signatures of answers from a trust anchor down (RFC 4035 section 5): 1. each set of records is signed by a zone; 2. the zone's keys are signed
/// by one of which the parent, signed, has the digest; 3. up to the anchor. What is missing must be proven to be, also the signatures themselves.
/// </summary>
/// <param name="anchors">The keys that are trusted.</param>
/// <param name="fetch">Brings further records.</param>
/// <param name="clock">The time, for signatures; the system's when null.</param>
public sealed class DnssecValidator(TrustAnchors anchors, RecordFetch fetch, Func<DateTimeOffset>? clock = null)
{
    private readonly Func<DateTimeOffset> _clock = clock ?? (static () => DateTimeOffset.UtcNow);

    /// <summary>Checks an answer.</summary>
    /// <param name="question">What was asked.</param>
    /// <param name="message">The answer.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="DnsException">What is needed to check it could not be had.</exception>
    public async ValueTask<ValidationResult> ValidateAsync(DnsQuestion question, ReadOnlyMemory<byte> message, CancellationToken cancellation = default)
    {
        var run = new ValidationRun(anchors, fetch, _clock);
        try
        {
            if (!DnsMessage.TryRead(message.Span, out var answer, out var fault))
                return new ValidationResult(ValidationStatus.Bogus, $"the answer is malformed: {fault}");
            return await run.ValidateAsync(question, answer, cancellation);
        }
        catch (BogusException bogus)
        {
            return new ValidationResult(ValidationStatus.Bogus, bogus.Message);
        }
    }
}

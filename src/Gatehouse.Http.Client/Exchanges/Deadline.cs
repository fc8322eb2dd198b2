using System.Diagnostics;
using System.Globalization;

namespace Gatehouse.Http.Client.Exchanges;

/// <summary>What one exchange has of the time that the whole call may take, redirects and the end of the response's body included.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly TimeSpan _total;
    private readonly CancellationTokenSource? _source;

    /// <summary>Counts on from the start of the call.</summary>
    /// <param name="total">The whole time.</param>
    /// <param name="started">The <see cref="Stopwatch"/>'s timestamp at the start of the call.</param>
    public Deadline(TimeSpan total, long started)
    {
        _total = total;
        if (total != Timeout.InfiniteTimeSpan)
        {
            var left = total - Stopwatch.GetElapsedTime(started);
            _source = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
        Token = _source?.Token ?? CancellationToken.None;
    }

    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Token { get; }

    /// <summary>What is cancelled by this and by the caller.</summary>
    public CancellationTokenSource Link(CancellationToken cancellation) => CancellationTokenSource.CreateLinkedTokenSource(Token, cancellation);

    /// <summary>The fault of a call that took too long.</summary>
    public ClientException Passed(Exception cause) => new(
        ClientFault.TotalTimeout,
        string.Create(CultureInfo.InvariantCulture, $"the request and its response were not done within {_total.TotalSeconds:0.###} s in all"),
        cause);

    public void Dispose() => _source?.Dispose();
}

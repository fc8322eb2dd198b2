using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Gatehouse.HttpBin.Inspector;

/// <summary>The last requests of one name, and who watches them.</summary>
internal sealed class RequestList
{
    /// <summary>Requests that are kept.</summary>
    public const int MaxRequests = 50;

    /// <summary>Viewers at once.</summary>
    public const int MaxViewers = 16;

    private readonly Lock _lock = new();
    private readonly Queue<InspectedRequest> _requests = new();
    private readonly List<Watch> _watches = [];
    private long _count;

    /// <summary>When it was used last, counted in uses of any list.</summary>
    public long LastUse { get; set; }

    public InspectedRequest Add(Func<long, InspectedRequest> make)
    {
        lock (_lock)
        {
            var request = make(++_count);
            if (_requests.Count == MaxRequests)
                _requests.Dequeue();
            _requests.Enqueue(request);
            foreach (var watch in _watches)
                watch.Tell(request);
            return request;
        }
    }

    public IReadOnlyList<InspectedRequest> All()
    {
        lock (_lock)
            return [.. _requests];
    }

    /// <summary>Begins to watch: what is there, then each request as it comes. False when too many do already.</summary>
    public bool TryWatch([NotNullWhen(true)] out Watch? watch)
    {
        lock (_lock)
        {
            watch = null;
            if (_watches.Count == MaxViewers)
                return false;
            watch = new Watch(this);
            foreach (var request in _requests)
                watch.Tell(request);
            _watches.Add(watch);
            return true;
        }
    }

    private void Remove(Watch watch)
    {
        lock (_lock)
            _watches.Remove(watch);
    }

    /// <summary>One viewer. Who reads too slowly misses the oldest.</summary>
    internal sealed class Watch(RequestList list) : IDisposable
    {
        private readonly Channel<InspectedRequest> _queue = Channel.CreateBounded<InspectedRequest>(
            new BoundedChannelOptions(MaxRequests) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

        public void Tell(InspectedRequest request) => _queue.Writer.TryWrite(request);

        /// <summary>The next request; null when none came within <paramref name="patience"/>.</summary>
        public async ValueTask<InspectedRequest?> NextAsync(TimeSpan patience, CancellationToken aborted)
        {
            if (_queue.Reader.TryRead(out var there))
                return there;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(aborted);
            limit.CancelAfter(patience);
            try
            {
                return await _queue.Reader.ReadAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
            {
                return null;
            }
        }

        public void Dispose() => list.Remove(this);
    }
}

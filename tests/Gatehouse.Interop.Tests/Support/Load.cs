using System.Collections.Concurrent;

namespace Gatehouse.Interop.Tests.Support;

/// <summary>
/// Clients that send GETs over kept connections, one after the other, until they are stopped. Each answer is checked; the first faults are kept. A closed
/// connection at rest is no fault, since HTTP allows it; one that breaks with a request under way is.
/// </summary>
public sealed class Load : IDisposable
{
    private readonly Thread[] _threads;
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<string, int> _answers = new();
    private volatile bool _isStopped;
    private int _count;

    /// <summary>Starts <paramref name="clients"/> clients, each with a pause of <paramref name="pause"/> between two requests.</summary>
    /// <param name="port">Port of 127.0.0.1.</param>
    /// <param name="targets">Targets in turn.</param>
    /// <param name="check">Null when an answer is right, else what is wrong.</param>
    /// <param name="clients">Number of clients.</param>
    /// <param name="pause">Pause, so that the load is bounded and leaves the machine room for others.</param>
    public Load(int port, IReadOnlyList<string> targets, Func<RawResponse, string?> check, int clients = 8, TimeSpan? pause = null)
    {
        _threads = [.. Enumerable.Range(0, clients).Select(i => new Thread(() => Run(port, targets, check, i, pause ?? TimeSpan.FromMilliseconds(5))) { IsBackground = true, Name = "load" })];
        foreach (var thread in _threads) thread.Start();
    }

    /// <summary>Answers so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Answers so far by their text.</summary>
    public IReadOnlyDictionary<string, int> Answers => _answers;

    /// <summary>Faults so far.</summary>
    public int Faults => _faults.Count;

    /// <summary>Waits for so many answers more.</summary>
    public void WaitFor(int more)
    {
        var wanted = Count + more;
        Served.Eventually(() => Count >= wanted || !_faults.IsEmpty, $"{more} more answers under load");
    }

    /// <summary>Stops the clients and asserts that every request was answered rightly.</summary>
    public void AssertNoFault()
    {
        Dispose();
        Assert.True(_faults.IsEmpty, $"{_faults.Count} of {Count} requests failed: {string.Join("\n", _faults.Take(10))}");
        Assert.NotEqual(0, Count);
    }

    /// <summary>Stops the clients.</summary>
    public void Dispose()
    {
        _isStopped = true;
        foreach (var thread in _threads) thread.Join(Served.Patience);
    }

    private void Run(int port, IReadOnlyList<string> targets, Func<RawResponse, string?> check, int first, TimeSpan pause)
    {
        RawClient? client = null;
        for (var i = first; !_isStopped; i++)
        {
            var target = targets[i % targets.Count];
            try
            {
                if (client is null || client.Socket.Poll(0, System.Net.Sockets.SelectMode.SelectRead))
                {
                    client?.Dispose();
                    client = RawClient.Connect(port, timeout: Served.Patience);
                }
                client.Send(Served.Head("GET", target));
                var answer = client.ReadResponse();
                if (check(answer) is { } fault) _faults.Enqueue($"{target}: {answer.Status} {fault}");
                _answers.AddOrUpdate(answer.Text.Length > 40 ? "long" : answer.Text, 1, (_, count) => count + 1);
                if (answer["Connection"] == "close")
                {
                    client.Dispose();
                    client = null;
                }
            }
            catch (Exception e) when (!_isStopped || e is not (IOException or System.Net.Sockets.SocketException))
            {
                _faults.Enqueue($"{target}: {e.GetType().Name} {e.Message}");
                client?.Dispose();
                client = null;
            }
            Interlocked.Increment(ref _count);
            Thread.Sleep(pause);
        }
        client?.Dispose();
    }
}

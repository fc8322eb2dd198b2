using System.Collections.Concurrent;
using Gatehouse.Net.Transports;

namespace Gatehouse.Net.Tests.Support;

/// <summary>An owner of a transport that records its events and runs a test's reaction to each.</summary>
internal sealed class Recorder : ITransportEvents
{
    internal ConcurrentQueue<string> Events { get; } = new();

    internal Action? Readable { get; set; }

    internal Action? Writable { get; set; }

    internal Action<int>? Broken { get; set; }

    public void OnReadable()
    {
        Events.Enqueue("readable");
        Readable?.Invoke();
    }

    public void OnWritable()
    {
        Events.Enqueue("writable");
        Writable?.Invoke();
    }

    public void OnBroken(int errno)
    {
        Events.Enqueue($"broken {errno}");
        Broken?.Invoke(errno);
    }

    /// <summary>Waits until an event was recorded.</summary>
    internal async Task Saw(string what, int times = 1)
    {
        var end = DateTime.UtcNow + ReactorExtensions.Limit;
        while (Events.Count(seen => seen == what) < times)
        {
            Assert.True(DateTime.UtcNow < end, $"Expected event '{what}' {times} times; saw: {string.Join(", ", Events)}.");
            await Task.Delay(2);
        }
    }
}

using Gatehouse.Net.Transports;

namespace Gatehouse.Net.Tests.Support;

/// <summary>One end of a TLS connection with its recorded events. Its members run on the transport's reactor.</summary>
internal sealed class TlsEnd
{
    internal TlsEnd(Transport transport, Recorder? seen = null)
    {
        Transport = transport;
        Seen = seen ?? new Recorder();
        transport.Events = Seen;
    }

    internal Transport Transport { get; }

    internal Recorder Seen { get; }

    internal Task On(Action<Transport> action) => Transport.Reactor.On(() => action(Transport));

    internal Task<T> On<T>(Func<Transport, T> function) => Transport.Reactor.On(() => function(Transport));

    /// <summary>Sends all, waiting for room as often as needed, then what <paramref name="finish"/> does.</summary>
    internal Task Send(byte[] data, Action<Transport>? finish = null)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sent = 0;
        void Pump()
        {
            while (sent < data.Length)
            {
                var result = Transport.Write(data.AsSpan(sent));
                if (result.IsWouldBlock)
                    return;
                if (!result.IsDone)
                {
                    done.TrySetException(new IOException($"write: {result}"));
                    return;
                }

                sent += result.Count;
            }

            Seen.Writable = null;
            finish?.Invoke(Transport);
            done.TrySetResult();
        }

        _ = On(_ =>
        {
            Seen.Writable = Pump;
            Pump();
        });
        return done.Task.WaitAsync(ReactorExtensions.Limit);
    }

    /// <summary>Reads <paramref name="count"/> bytes, or to the end of the stream when it is negative.</summary>
    internal Task<byte[]> Receive(int count = -1)
    {
        var got = new List<byte>();
        var done = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        var buffer = new byte[20_000];
        void Pump()
        {
            while (count < 0 || got.Count < count)
            {
                var result = Transport.Read(count < 0 ? buffer : buffer.AsSpan(0, Math.Min(buffer.Length, count - got.Count)));
                if (result.IsWouldBlock)
                    return;
                got.AddRange(buffer.AsSpan(0, result.Count));
                if (result.IsDone)
                    continue;
                Seen.Readable = null;
                if (result.IsFailure || count >= 0)
                    done.TrySetException(new IOException($"read after {got.Count} bytes: {result}: {Transport.Fault}"));
                else
                    done.TrySetResult([.. got]);
                return;
            }

            Seen.Readable = null;
            done.TrySetResult([.. got]);
        }

        _ = On(_ =>
        {
            Seen.Readable = Pump;
            Seen.Broken = errno => done.TrySetException(new IOException($"broken: {errno}"));
            Pump();
        });
        return done.Task.WaitAsync(ReactorExtensions.Limit);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gatehouse.Bench.Load.Handshakes;

/// <summary>
/// A client that connects, shakes hands, asks once and reads to the end, again and again on several threads; in a process of its own, so that it can be
/// pinned. With resumption each connection uses a ticket that an earlier one got (TLS 1.2 and 1.3), and one that is not resumed is a failure.
/// </summary>
internal static class HandshakeClient
{
    /// <summary>The first word of its command line.</summary>
    public const string Word = "handshake-client";

    // Enough to keep a server busy, few enough to leave its queues short.
    private const int Threads = 8;

    /// <summary>Runs with the words PORT TARGET SECONDS LENGTH new|resumed and prints a line of figures; 1 when a connection failed.</summary>
    public static int Run(IReadOnlyList<string> words)
    {
        var port = Number(words[0]);
        var (seconds, length) = (Number(words[2]), Number(words[3]));
        var request = Encoding.ASCII.GetBytes($"GET {words[1]} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
        var clock = Stopwatch.StartNew();
        var workers = Enumerable.Range(0, Threads).Select(_ => new Worker(port, request, length, words[4] == "resumed")).ToArray();
        var threads = Array.ConvertAll(workers, worker => new Thread(() => worker.Run(TimeSpan.FromSeconds(seconds))));
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();

        if (workers.Select(worker => worker.Failure).FirstOrDefault(failure => failure is not null) is { } failed)
        {
            Console.Error.WriteLine(failed);
            return 1;
        }

        var micros = workers.SelectMany(worker => worker.Micros).Order().ToArray();
        var tickets = workers.Sum(worker => worker.Tickets);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"handshakes={micros.Length} tickets={tickets} seconds={clock.Elapsed.TotalSeconds:F6} p50={Percentile(50)} p99={Percentile(99)}"));
        return 0;

        int Percentile(int percent) => micros.Length == 0 ? 0 : micros[Math.Min(micros.Length - 1, micros.Length * percent / 100)];
        static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }

    private sealed class Worker(int port, byte[] request, int length, bool resumes)
    {
        private readonly byte[] _buffer = new byte[16 * 1024];

        public List<int> Micros { get; } = [];
        public int Tickets { get; private set; }
        public string? Failure { get; private set; }

        public void Run(TimeSpan time)
        {
            using var sessions = new SessionClient();
            try
            {
                // The first connection of a client that resumes brings the first ticket, and is not counted.
                if (resumes) Connect(sessions, mustResume: false);
                var start = Stopwatch.GetTimestamp();
                var first = SessionClient.Tickets;
                while (Stopwatch.GetElapsedTime(start) < time)
                {
                    var began = Stopwatch.GetTimestamp();
                    Connect(sessions, resumes);
                    Micros.Add((int)Stopwatch.GetElapsedTime(began).TotalMicroseconds);
                }

                Tickets = SessionClient.Tickets - first;
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                Failure = e.Message;
            }
        }

        private void Connect(SessionClient sessions, bool mustResume)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            var (isResumed, read) = sessions.Exchange(socket, request, _buffer, resumes);
            if (isResumed != mustResume) throw new IOException(mustResume ? "a session was not resumed" : "a session was resumed");
            if (read != length) throw new IOException($"an answer had {read} bytes, expected {length}");
        }
    }
}

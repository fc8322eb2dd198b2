using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gatehouse.Interop.Tests.Names;

/// <summary>A name server over UDP that answers what a test wants, written without the project's codec.</summary>
internal sealed class StubNameServer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Thread _thread;
    private readonly Func<StubQuery, IEnumerable<byte[]>> _answer;
    private int _queries;
    private volatile bool _isEnded;

    public StubNameServer(Func<StubQuery, IEnumerable<byte[]>> answer, int port = 0)
    {
        _answer = answer;
        _socket.ReceiveBufferSize = 1 << 22;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Queries so far.</summary>
    public int Queries => Volatile.Read(ref _queries);

    /// <summary>Answers every question for an address with one, and others with nothing.</summary>
    public static IEnumerable<byte[]> Address(StubQuery query, string address, uint ttl = 300) =>
        [query.Type == 1 ? query.Answer(ttl, IPAddress.Parse(address).GetAddressBytes()) : query.Answer(ttl)];

    public void Dispose()
    {
        _isEnded = true;
        _socket.Dispose();
        _thread.Join();
    }

    private void Run()
    {
        var buffer = new byte[4096];
        EndPoint peer = new IPEndPoint(IPAddress.Any, 0);
        while (!_isEnded)
        {
            try
            {
                var count = _socket.ReceiveFrom(buffer, ref peer);
                Interlocked.Increment(ref _queries);
                foreach (var answer in _answer(new StubQuery(buffer[..count])))
                    _socket.SendTo(answer, peer);
            }
            catch (SocketException)
            {
                // The end, or a client that is gone.
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }
}

/// <summary>A query as it came.</summary>
internal sealed class StubQuery(byte[] bytes)
{
    public byte[] Bytes => bytes;

    public string Name
    {
        get
        {
            var name = new StringBuilder();
            for (var at = 12; bytes[at] != 0; at += bytes[at] + 1)
                name.Append(Encoding.ASCII.GetString(bytes, at + 1, bytes[at])).Append('.');
            return name.ToString().ToLowerInvariant();
        }
    }

    public ushort Type => BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(QuestionEnd - 4));

    private int QuestionEnd
    {
        get
        {
            var at = 12;
            while (bytes[at] != 0)
                at += bytes[at] + 1;
            return at + 5;
        }
    }

    /// <summary>An answer with records of the question's name and type.</summary>
    public byte[] Answer(uint ttl, params byte[][] datas)
    {
        var answer = new List<byte>(bytes[..QuestionEnd]);
        answer[2] = (byte)(0x80 | (answer[2] & 1));
        answer[3] = 0x80;
        (answer[4], answer[5], answer[6], answer[7]) = (0, 1, 0, (byte)datas.Length);
        (answer[8], answer[9], answer[10], answer[11]) = (0, 0, 0, 0);
        foreach (var data in datas)
        {
            answer.AddRange([0xC0, 12, (byte)(Type >> 8), (byte)Type, 0, 1]);
            answer.AddRange([(byte)(ttl >> 24), (byte)(ttl >> 16), (byte)(ttl >> 8), (byte)ttl]);
            answer.AddRange([(byte)(data.Length >> 8), (byte)data.Length]);
            answer.AddRange(data);
        }

        return [.. answer];
    }

    /// <summary>A name as it stands in a record.</summary>
    public static byte[] Wire(string name) => [.. name.TrimEnd('.').Split('.').SelectMany(label => new[] { (byte)label.Length }.Concat(Encoding.ASCII.GetBytes(label))), 0];
}

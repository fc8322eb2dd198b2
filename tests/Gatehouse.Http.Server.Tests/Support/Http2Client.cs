using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Gatehouse.Protocols.Http1;
using Gatehouse.Protocols.Http2;
using Gatehouse.Protocols.Http2.Hpack;
using Gatehouse.Testing;

namespace Gatehouse.Http.Server.Tests.Support;

/// <summary>A frame as it came.</summary>
internal sealed record Frame(byte Type, byte Flags, int Stream, byte[] Payload)
{
    public bool EndsStream => Type is 0 or 1 && (Flags & 1) != 0;

    public uint Word(int offset = 0) => BinaryPrimitives.ReadUInt32BigEndian(Payload.AsSpan(offset));
}

/// <summary>The answer of one stream, as far as it came.</summary>
internal sealed class StreamAnswer
{
    public List<(int Status, Dictionary<string, string> Fields)> Heads { get; } = [];

    public MemoryStream Body { get; } = new();

    public Dictionary<string, string> Trailers { get; } = [];

    public bool IsEnded { get; set; }

    public uint? Reset { get; set; }

    public int Status => Heads[^1].Status;

    public Dictionary<string, string> Fields => Heads[^1].Fields;

    public string Text => Encoding.Latin1.GetString(Body.ToArray());
}

/// <summary>
/// A client of HTTP/2 that sends exactly the frames it is told: fields as literals without Huffman code or table, so that they can be wrong. It acknowledges
/// nothing but settings, unless asked to.
/// </summary>
internal sealed class Http2Client
{
    public const byte Data = 0, Headers = 1, Priority = 2, RstStream = 3, Settings = 4, PushPromise = 5, Ping = 6, GoAway = 7, WindowUpdate = 8, Continuation = 9;
    public const byte EndStream = 1, EndHeaders = 4, Padded = 8, Ack = 1;

    private readonly HpackDecoder _decoder = new();
    private readonly Dictionary<int, StreamAnswer> _answers = [];

    public Http2Client(RawClient wire, bool greets = true, params (int Id, uint Value)[] settings)
    {
        Wire = wire;
        if (!greets)
            return;
        Wire.Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        Send(Settings, 0, 0, [.. settings.SelectMany(SettingBytes)]);
        Assert.Equal(Settings, Read().Type);
        Send(Settings, Ack, 0, []);
    }

    public RawClient Wire { get; }

    /// <summary>Windows are opened again for every byte that comes.</summary>
    public bool Acknowledges { get; set; }

    public uint? GoAwayCode { get; private set; }

    public List<uint> GoAwayStreams { get; } = [];

    public static byte[] SettingBytes((int Id, uint Value) setting)
    {
        var bytes = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)setting.Id);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(2), setting.Value);
        return bytes;
    }

    public static byte[] Bytes(byte type, int flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, (payload.Length << 8) | type);
        frame[4] = (byte)flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    public static byte[] Word(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>A field block; <c>name=value|name=value</c>.</summary>
    public static byte[] Block(string fields)
    {
        var block = new List<byte>();
        foreach (var field in fields.Split('|'))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            block.Add(0);
            Add(block, field[..equals]);
            Add(block, field[(equals + 1)..]);
        }
        return [.. block];
    }

    public static byte[] Request(int stream, string path = "/", string method = "GET", string fields = "", bool ends = true) => Bytes(
        Headers, EndHeaders | (ends ? EndStream : 0), stream, Block($":method={method}|:scheme=http|:path={path}|:authority=a" + (fields.Length > 0 ? "|" + fields : "")));

    public void Send(byte type, int flags, int stream, byte[] payload) => Wire.Send(Bytes(type, flags, stream, payload));

    public void SendRequest(int stream, string path = "/", string method = "GET", string fields = "", bool ends = true) =>
        Wire.Send(Request(stream, path, method, fields, ends));

    /// <summary>The next frame.</summary>
    public Frame Read()
    {
        var head = Wire.Read(9);
        var first = BinaryPrimitives.ReadUInt32BigEndian(head);
        var payload = Wire.Read((int)(first >> 8));
        return new Frame((byte)first, head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
    }

    /// <summary>Reads until the stream has ended.</summary>
    public StreamAnswer Answer(int stream)
    {
        var answer = Of(stream);
        while (!answer.IsEnded && answer.Reset is null)
            Take(Read());
        return answer;
    }

    /// <summary>What has come of a stream.</summary>
    public StreamAnswer Of(int stream) => _answers.TryGetValue(stream, out var answer) ? answer : _answers[stream] = new StreamAnswer();

    /// <summary>Reads until a frame of this type comes.</summary>
    public Frame Until(byte type, int? flags = null)
    {
        while (true)
        {
            var frame = Read();
            Take(frame);
            if (frame.Type == type && (flags is null || frame.Flags == flags))
                return frame;
        }
    }

    /// <summary>Reads what comes until the server has answered a ping: then all that was sent before has been taken.</summary>
    public void Sync()
    {
        Send(Ping, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]);
        Until(Ping, Ack);
    }

    /// <summary>Reads to the end of the connection and tells the code of the last GOAWAY.</summary>
    public uint? ReadToGoAway()
    {
        try
        {
            while (true)
                Take(Read());
        }
        catch (EndOfStreamException)
        {
        }
        catch (System.Net.Sockets.SocketException)
        {
        }
        return GoAwayCode;
    }

    private static void Add(List<byte> block, string text)
    {
        if (text.Length < 127)
        {
            block.Add((byte)text.Length);
        }
        else
        {
            block.Add(127);
            var rest = text.Length - 127;
            for (; rest >= 128; rest >>= 7)
                block.Add((byte)(rest | 128));
            block.Add((byte)rest);
        }
        block.AddRange(Encoding.Latin1.GetBytes(text));
    }

    private void Take(Frame frame)
    {
        switch (frame.Type)
        {
            case Data:
                Of(frame.Stream).Body.Write(frame.Payload);
                if (Acknowledges && frame.Payload.Length > 0)
                {
                    Send(WindowUpdate, 0, 0, Word((uint)frame.Payload.Length));
                    if (!frame.EndsStream)
                        Send(WindowUpdate, 0, frame.Stream, Word((uint)frame.Payload.Length));
                }
                break;
            case Headers:
                TakeHead(frame);
                break;
            case RstStream:
                Of(frame.Stream).Reset = frame.Word();
                break;
            case GoAway:
                GoAwayStreams.Add(frame.Word());
                GoAwayCode = frame.Word(4);
                break;
        }
        if (frame.EndsStream)
            Of(frame.Stream).IsEnded = true;
    }

    private void TakeHead(Frame frame)
    {
        var block = frame.Payload.ToList();
        for (var last = frame; (last.Flags & EndHeaders) == 0;)
        {
            last = Read();
            Assert.Equal((Continuation, frame.Stream), (last.Type, last.Stream));
            block.AddRange(last.Payload);
        }
        var answer = Of(frame.Stream);
        var isTrailers = answer.Heads.Count > 0 && answer.Status >= 200;
        var section = new Http2FieldSection();
        section.Begin(isTrailers ? Http2SectionKind.Trailers : Http2SectionKind.Response, new Http1Limits { HeadBytes = 1 << 20, Fields = 10_000, TrailerBytes = 1 << 20 });
        var fault = _decoder.Decode(block.ToArray(), section);
        Assert.True(fault.IsNone, $"{fault}");
        Assert.True(section.Malformed is null, section.Malformed);
        var fields = isTrailers ? answer.Trailers : [];
        for (var i = 0; i < section.Fields.Count; i++)
            fields[Encoding.Latin1.GetString(section.Fields[i].Name)] = Encoding.Latin1.GetString(section.Fields[i].Value);
        if (!isTrailers)
            answer.Heads.Add((section.Status, fields));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_answers.Count} streams");
}

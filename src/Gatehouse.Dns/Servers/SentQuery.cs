using System.Buffers.Binary;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Servers;

/// <summary>A query as it goes out: with an id, and capitals, of its own; and whether something that comes is the answer to it.</summary>
internal readonly struct SentQuery
{
    private readonly ReadOnlyMemory<byte> _asked;
    private readonly int _questionEnd;

    private SentQuery(ReadOnlyMemory<byte> asked, byte[] message, int questionEnd)
    {
        _asked = asked;
        Message = message;
        _questionEnd = questionEnd;
    }

    /// <summary>The message.</summary>
    internal byte[] Message { get; }

    /// <summary>Its id.</summary>
    internal ushort Id => BinaryPrimitives.ReadUInt16BigEndian(Message);

    /// <exception cref="DnsException">It is not a query with one question.</exception>
    internal static SentQuery Of(ReadOnlyMemory<byte> asked, ushort id, QueryRandom? capitals)
    {
        var reader = new DnsMessageReader(asked.Span);
        if (!reader.TryReadQuestion(out _) || reader.Header.QuestionCount != 1)
            throw new DnsException(DnsFault.BadReply, $"expected a query with one question, found {reader.Fault ?? $"{reader.Header.QuestionCount} questions"}");
        var message = asked.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(message, id);
        if (capitals is not null)
            Capitalize(message.AsSpan(DnsHeader.Size, reader.Position - 4 - DnsHeader.Size), capitals);
        return new SentQuery(asked, message, reader.Position);
    }

    /// <summary>What makes a message not the answer to this query; null when it is the answer.</summary>
    internal string? Mismatch(ReadOnlySpan<byte> reply, bool withId = true)
    {
        if (!DnsHeader.TryRead(reply, out var header))
            return $"a message of {reply.Length} bytes";
        if (withId && header.Id != Id)
            return "another id";
        if (!header.IsResponse)
            return "a query, not a response";
        // A server that could not read the query may answer without the question (RFC 1035 section 4.1.1 leaves that open); such an answer says nothing of the name.
        if (header.QuestionCount == 0 && reply.Length == DnsHeader.Size && header.Rcode is not (Protocols.Dns.DnsRcode.NoError or Protocols.Dns.DnsRcode.NXDomain))
            return null;
        if (header.QuestionCount != 1 || reply.Length < _questionEnd)
            return "another question";
        var mine = Message.AsSpan(DnsHeader.Size, _questionEnd - DnsHeader.Size);
        var theirs = reply[DnsHeader.Size.._questionEnd];
        if (mine.SequenceEqual(theirs))
            return null;
        return DnsWireName.AreEqual(mine[..^4], theirs[..^4]) && mine[^4..].SequenceEqual(theirs[^4..]) ? "the question in other capitals" : "another question";
    }

    /// <summary>The answer with id and question as they were asked.</summary>
    internal byte[] Restore(ReadOnlySpan<byte> reply)
    {
        var message = reply.ToArray();
        _asked.Span[..2].CopyTo(message);
        if (message.Length >= _questionEnd)
            _asked.Span[DnsHeader.Size.._questionEnd].CopyTo(message.AsSpan(DnsHeader.Size));
        return message;
    }

    private static void Capitalize(Span<byte> name, QueryRandom random)
    {
        var (bits, left) = (0, 0);
        foreach (ref var value in name)
        {
            if (!char.IsAsciiLetter((char)value))
                continue;
            if (left == 0)
                (bits, left) = (random.NextByte(), 8);
            value = (byte)((bits & 1) == 0 ? value | 0x20 : value & ~0x20);
            bits >>= 1;
            left--;
        }
    }
}

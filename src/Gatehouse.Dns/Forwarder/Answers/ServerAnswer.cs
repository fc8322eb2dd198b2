using System.Buffers.Binary;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Messages;

namespace Gatehouse.Dns.Forwarder.Answers;

/// <summary>Takes from a server's answer what is between that server and this one.</summary>
internal static class ServerAnswer
{
    /// <summary>Copies an answer without its OPT record.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="query">What this server asked.</param>
    /// <param name="view">What that says.</param>
    /// <param name="answer">Room for the longest message.</param>
    /// <returns>Bytes of the copy; 0 for what is malformed.</returns>
    internal static int CopyClean(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> query, in QueryView view, Span<byte> answer)
    {
        var reader = new DnsMessageReader(reply);

        // An error without a question has nothing but its code.
        if (reader.Header.QuestionCount == 0)
            return reader.Fault is null && reader.Header.Rcode != DnsRcode.NoError ? AnswerWriter.Begin(query, view, reader.Header.Rcode, answer) : 0;
        if (!reader.TryReadQuestion(out var question) || reader.Position != view.QuestionEnd || !question.Name.Is(view.Name(query)))
            return 0;
        var (end, opts, isInside, extended) = (reader.Position, 0, false, 0u);
        while (reader.TryReadRecord(out var record))
        {
            if (record.Type == DnsType.OPT)
            {
                opts++;
                extended = record.TimeToLive >> 24;
                continue;
            }

            isInside |= opts > 0;
            end = reader.Position;
        }

        if (reader.Fault is not null || opts > 1)
            return 0;

        // A code with upper bits is one that clients need not know more of.
        if (extended != 0)
            return AnswerWriter.Begin(query, view, DnsRcode.ServFail, answer);
        if (isInside)
            return Rewrite(reply, query, view, answer);
        reply[..end].CopyTo(answer);
        BinaryPrimitives.WriteUInt16BigEndian(answer[10..], (ushort)(reader.Header.AdditionalCount - opts));
        return end;
    }

    // Records behind the OPT record move, and their compressed names with them.
    private static int Rewrite(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> query, in QueryView view, Span<byte> answer)
    {
        var reader = new DnsMessageReader(reply);
        var writer = new DnsMessageWriter(answer, reader.Header);
        if (!writer.TryWriteQuestion(view.Name(query), view.Type, view.Class))
            return 0;
        while (reader.TryReadRecord(out var record))
        {
            if (record.Type != DnsType.OPT && !writer.TryWriteRecord(record.Section, record, record.TimeToLive))
                return 0;
        }

        return writer.Finish();
    }
}

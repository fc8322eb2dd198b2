using System.Buffers.Binary;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Protocols.Dns.Messages;

/// <summary>
/// Reads a message where it lies, from front to end, without allocation: the questions, then the records of all sections. Each step checks what it reads;
/// a false with <see cref="Fault"/> set is a message that is malformed from there on, one without is the end.
/// </summary>
public ref struct DnsMessageReader
{
    private readonly ReadOnlySpan<byte> _message;
    private int _at;
    private int _questionsLeft;
    private int _recordsLeft;
    private int _lastTarget;
    private int _lastLength;

    /// <summary>Begins to read.</summary>
    /// <param name="message">The whole message.</param>
    public DnsMessageReader(ReadOnlySpan<byte> message)
    {
        _message = message;
        if (!DnsHeader.TryRead(message, out var header))
        {
            Fault = "expected a header of 12 bytes, found the end of the message";
            return;
        }
        Header = header;
        _at = DnsHeader.Size;
        _questionsLeft = header.QuestionCount;
        _recordsLeft = header.AnswerCount + header.AuthorityCount + header.AdditionalCount;
    }

    /// <summary>The header; all zero when there is none.</summary>
    public DnsHeader Header { get; }

    /// <summary>What is wrong with the message, as far as it was read; null when nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Offset of what is read next.</summary>
    public readonly int Position => _at;

    /// <summary>Reads the next question. False when there is none left or the message is malformed.</summary>
    public bool TryReadQuestion(out DnsQuestionSpan question)
    {
        question = default;
        if (_questionsLeft == 0 || Fault is not null)
            return false;
        _questionsLeft--;
        if (!TryReadName(out var name))
            return false;
        if (_message.Length - _at < 4)
            return Fail("expected the type and class of a question, found the end of the message");
        var fields = _message.Slice(_at, 4);
        _at += 4;
        question = new DnsQuestionSpan(
            name, (DnsType)BinaryPrimitives.ReadUInt16BigEndian(fields), (DnsClass)BinaryPrimitives.ReadUInt16BigEndian(fields[2..]));
        return true;
    }

    /// <summary>Reads the next record, behind all questions. False when there is none left or the message is malformed.</summary>
    public bool TryReadRecord(out DnsRecordSpan record)
    {
        record = default;
        while (_questionsLeft > 0)
        {
            if (!TryReadQuestion(out _))
                return false;
        }
        if (_recordsLeft == 0 || Fault is not null)
            return false;
        var section = _recordsLeft > Header.AuthorityCount + Header.AdditionalCount ? DnsSection.Answer
            : _recordsLeft > Header.AdditionalCount ? DnsSection.Authority : DnsSection.Additional;
        _recordsLeft--;
        if (!TryReadName(out var name))
            return false;
        if (_message.Length - _at < 10)
            return Fail("expected the ten bytes of a record behind its name, found the end of the message");
        var fields = _message.Slice(_at, 10);
        var length = BinaryPrimitives.ReadUInt16BigEndian(fields[8..]);
        _at += 10;
        if (_message.Length - _at < length)
            return Fail("expected the data of a record, found the end of the message");
        record = new DnsRecordSpan(
            _message, section, name, (DnsType)BinaryPrimitives.ReadUInt16BigEndian(fields), (DnsClass)BinaryPrimitives.ReadUInt16BigEndian(fields[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(fields[4..]), _at, length);
        _at += length;
        return true;
    }

    private bool TryReadName(out DnsNameSpan name)
    {
        var start = _at;
        // Most names are a pointer to one that was there already, the question's: what was measured once is not measured again.
        if (start + 1 < _message.Length && _message[start] >= 0xC0
            && (((_message[start] & 0x3F) << 8) | _message[start + 1]) is var target && target == _lastTarget && target != 0)
        {
            _at = start + 2;
            name = new DnsNameSpan(_message, target, _lastLength);
            return true;
        }
        if (DnsWireName.Skip(_message, ref _at, out var length) is { } fault)
        {
            name = default;
            return Fail(fault);
        }
        name = new DnsNameSpan(_message, start, length);
        _lastTarget = name.Offset;
        _lastLength = length;
        return true;
    }

    private bool Fail(string fault)
    {
        Fault = fault;
        return false;
    }
}

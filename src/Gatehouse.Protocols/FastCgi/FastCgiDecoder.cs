using System.Runtime.CompilerServices;

namespace Gatehouse.Protocols.FastCgi;

/// <summary>
/// Finds records (FastCGI 1.0 section 3.3) and their content in spans as they arrive, without copying; for both sides of a connection. It holds the framing
/// only: which records may come when is for its user to judge. Allocates nothing.
/// </summary>
public sealed class FastCgiDecoder
{
    private State _state;
    private int _have;
    private int _padding;
    private Eight _head;
    private Eight _fixed;

    private enum State : byte
    {
        Head,
        Content,
        Padding,
        Failed,
    }

    /// <summary>The current record, from its first <see cref="FastCgiStep.Content"/> or its <see cref="FastCgiStep.RecordEnd"/> on.</summary>
    public FastCgiRecord Record { get; private set; }

    /// <summary>Bytes of the current record's content that are still to come.</summary>
    public int ContentLeft { get; private set; }

    /// <summary>True between two records.</summary>
    public bool IsBetweenRecords => _state == State.Head && _have == 0;

    /// <summary>What was expected and what was found, after <see cref="FastCgiStep.Failed"/>.</summary>
    public string? Error { get; private set; }

    /// <summary>
    /// The content of a record that has a fixed one (begin, end, unknown type), whole at its <see cref="FastCgiStep.RecordEnd"/>; it does not come as
    /// <see cref="FastCgiStep.Content"/>.
    /// </summary>
    public ReadOnlySpan<byte> FixedContent => _fixed;

    /// <summary>Makes the decoder new for another connection.</summary>
    public void Reset()
    {
        _state = State.Head;
        _have = ContentLeft = _padding = 0;
        Record = default;
        Error = null;
    }

    /// <summary>
    /// Goes through <paramref name="input"/> up to the next step. Call again with the rest, even when that is empty, until it says
    /// <see cref="FastCgiStep.NeedMore"/>.
    /// </summary>
    /// <param name="input">The bytes behind those consumed before.</param>
    /// <param name="consumed">How many of them are dealt with.</param>
    /// <param name="content">Where in the input the content is.</param>
    public FastCgiStep Decode(ReadOnlySpan<byte> input, out int consumed, out Slice content)
    {
        consumed = 0;
        content = default;
        if (_state == State.Head && !ReadHead(input, ref consumed))
            return _state == State.Failed ? FastCgiStep.Failed : FastCgiStep.NeedMore;
        if (_state == State.Content)
        {
            var count = Math.Min(ContentLeft, input.Length - consumed);
            if (HasFixedContent(Record.Type))
            {
                input.Slice(consumed, count).CopyTo(((Span<byte>)_fixed)[(FastCgiRecord.HeadLength - ContentLeft)..]);
            }
            else if (count > 0)
            {
                content = new Slice(consumed, count);
                consumed += count;
                Took(count);
                return FastCgiStep.Content;
            }
            consumed += count;
            Took(count);
            if (_state == State.Content)
                return FastCgiStep.NeedMore;
        }
        if (_state == State.Padding)
        {
            var skipped = Math.Min(_padding, input.Length - consumed);
            consumed += skipped;
            _padding -= skipped;
            if (_padding > 0)
                return FastCgiStep.NeedMore;
            _state = State.Head;
            _have = 0;
            return FastCgiStep.RecordEnd;
        }
        return FastCgiStep.Failed;
    }

    /// <summary>Counts <paramref name="count"/> bytes of the current record's content that were received elsewhere, at most <see cref="ContentLeft"/>.</summary>
    public void Took(int count)
    {
        ContentLeft -= count;
        if (ContentLeft == 0)
            _state = State.Padding;
    }

    private static bool HasFixedContent(FastCgiRecordType type) =>
        type is FastCgiRecordType.BeginRequest or FastCgiRecordType.EndRequest or FastCgiRecordType.UnknownType;

    private bool ReadHead(ReadOnlySpan<byte> input, ref int consumed)
    {
        bool isValid;
        FastCgiRecord record;
        if (_have == 0 && input.Length >= FastCgiRecord.HeadLength)
        {
            isValid = FastCgiRecord.TryRead(input, out record);
            consumed = FastCgiRecord.HeadLength;
        }
        else
        {
            var count = Math.Min(FastCgiRecord.HeadLength - _have, input.Length);
            input[..count].CopyTo(((Span<byte>)_head)[_have..]);
            consumed = count;
            _have += count;
            if (_have < FastCgiRecord.HeadLength)
                return false;
            isValid = FastCgiRecord.TryRead(_head, out record);
        }
        _have = FastCgiRecord.HeadLength;
        if (!isValid)
            return Fail("a record of another version than 1: the peer does not speak FastCGI");
        if (HasFixedContent(record.Type) && record.ContentLength != FastCgiRecord.HeadLength)
            return Fail($"a record of type {record.Type} with {record.ContentLength} bytes, which has 8 (FastCGI 1.0 section 8)");
        Record = record;
        ContentLeft = record.ContentLength;
        _padding = record.PaddingLength;
        _state = ContentLeft > 0 ? State.Content : State.Padding;
        return true;
    }

    private bool Fail(string found)
    {
        _state = State.Failed;
        Error = $"found {found}";
        return false;
    }

    [InlineArray(FastCgiRecord.HeadLength)]
    private struct Eight
    {
        private byte _first;
    }
}

using System.Buffers.Binary;

namespace Gatehouse.Gateways.Python;

/// <content>The frames that it sends: taken out of what was received, checked, and given to their requests.</content>
internal sealed partial class PythonWorker
{
    // The rest of a body that is longer than what has arrived of it.
    private PythonRequest? _streaming;
    private long _bodyLeft;
    private bool _endsWithBody;

    // False when nothing more is to be parsed.
    private bool Parse()
    {
        while (State != WorkerState.Gone && !IsPaused)
        {
            if (_bodyLeft > 0)
            {
                if (_start == _end)
                    return true;
                TakeBody();
                continue;
            }
            if (!WorkerFrame.TryRead(_buffer.AsSpan(_start, _end - _start), out var frame, out var fault))
                return fault is null || Fault(fault);
            if (!Take(frame))
                return false;
        }
        return false;
    }

    private bool Take(WorkerFrame frame)
    {
        var (id, kind, headLength, bodyLength) = frame;
        if (kind is AnswerKind.Ready or AnswerKind.Leaving && id == 0)
        {
            _start += WorkerFrame.Length;
            _pool.OnWorkerSays(this, kind);
            return true;
        }
        var request = _pool.Find(id);
        if (request is null && _pool.Settings.IsAsync && Array.IndexOf(_overdue, id) >= 0)
        {
            // What a request still says whose time was up is for nobody.
            _start += WorkerFrame.Length + headLength;
            if (kind is AnswerKind.Pull)
                bodyLength = 0;
            var skipped = (int)Math.Min(bodyLength, _end - _start);
            _start += skipped;
            _bodyLeft = bodyLength - skipped;
            _streaming = null;
            _endsWithBody = false;
            return true;
        }
        if (request is null || (request.Worker is not null && request.Worker != this) || kind is < AnswerKind.Whole or > AnswerKind.Close or AnswerKind.Leaving or AnswerKind.Cancel)
            return Fault($"sent a frame of kind {(int)kind} for request {id}, which it does not run, or one that is none");
        request.Worker = this;
        request.ProgressAt = _pool.Reactor.Now;
        var memory = _buffer.AsMemory(_start + WorkerFrame.Length);
        if (kind is AnswerKind.Body or AnswerKind.Pull)
        {
            _start += WorkerFrame.Length;
            request.Deliver(new AnswerPart(kind, default, default, bodyLength), null);
            return true;
        }
        request.HasAnswer = true;
        var head = memory[..headLength];
        if (kind == AnswerKind.File)
            return TakeFile(request, head, memory.Slice(headLength, (int)bodyLength));
        var here = (int)Math.Min(bodyLength, _end - _start - WorkerFrame.Length - headLength);
        var data = memory.Slice(headLength, here);
        _start += WorkerFrame.Length + headLength + here;
        _bodyLeft = bodyLength - here;
        _streaming = request;
        _endsWithBody = kind == AnswerKind.Whole && _bodyLeft > 0;
        var part = new AnswerPart(_endsWithBody ? AnswerKind.Head : kind, head, data, kind is AnswerKind.Whole or AnswerKind.Message ? bodyLength : -1);
        if (part.IsLast)
            Answered(request);
        request.Deliver(part, this);
        IsPaused = request.IsFull && !part.IsLast;
        return true;
    }

    private void TakeBody()
    {
        var here = (int)Math.Min(_bodyLeft, _end - _start);
        var data = _buffer.AsMemory(_start, here);
        _start += here;
        _bodyLeft -= here;
        if (_streaming is not { } request)
            return;
        request.ProgressAt = _pool.Reactor.Now;
        request.Deliver(new AnswerPart(AnswerKind.Data, default, data), this);
        if (_bodyLeft == 0 && _endsWithBody)
        {
            Answered(request);
            request.Deliver(new AnswerPart(AnswerKind.End, default, default), null);
        }
        IsPaused = request.IsFull && request.Id != 0;
    }

    private bool TakeFile(PythonRequest request, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> range)
    {
        if (range.Length != 16 || _passed is null)
            return Fault("sent a file without a descriptor or a range");
        var offset = BinaryPrimitives.ReadInt64LittleEndian(range.Span);
        var count = BinaryPrimitives.ReadInt64LittleEndian(range.Span[8..]);
        if (offset < 0 || count < 0)
            return Fault($"sent a file from byte {offset} with {count} bytes");
        _start += WorkerFrame.Length + head.Length + range.Length;
        var file = _passed;
        _passed = null;
        Answered(request);
        request.Deliver(new AnswerPart(AnswerKind.File, head, default, count, file, offset, count), this);
        return true;
    }

    private void Answered(PythonRequest request)
    {
        Requests++;
        _pool.OnAnswered(request);
    }
}

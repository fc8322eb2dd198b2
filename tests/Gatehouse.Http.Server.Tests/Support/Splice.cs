using Gatehouse.Net.Transports;

namespace Gatehouse.Http.Server.Tests.Support;

/// <summary>
/// Joins two transports on one reactor, each way with back-pressure, half-close and reset, so that a client with a socket speaks to a server in memory.
/// </summary>
internal sealed class Splice
{
    private readonly Side _left;
    private readonly Side _right;

    private Splice(Transport left, Transport right)
    {
        _left = new Side(this, left, right);
        _right = new Side(this, right, left);
        left.Events = _left;
        right.Events = _right;
    }

    public static void Join(Transport left, Transport right)
    {
        var splice = new Splice(left, right);
        splice._left.Move();
        splice._right.Move();
    }

    private void AfterMove()
    {
        if (!_left.IsOver || !_right.IsOver)
            return;
        _left.From.Close();
        _right.From.Close();
    }

    private void Abort()
    {
        _left.From.Abort();
        _right.From.Abort();
    }

    private sealed class Side(Splice splice, Transport from, Transport to) : ITransportEvents
    {
        private readonly byte[] _buffer = new byte[4096];
        private int _start;
        private int _end;

        public Transport From => from;

        public bool IsOver { get; private set; }

        public void Move()
        {
            while (!IsOver && !from.IsClosed)
            {
                if (_start < _end)
                {
                    var written = to.Write(_buffer.AsSpan(_start, _end - _start));
                    if (written.IsWouldBlock)
                        return;
                    if (written.IsFailure)
                    {
                        // The receiver is gone: what a socket would be told by a reset.
                        splice.Abort();
                        return;
                    }
                    _start += written.Count;
                    continue;
                }
                var read = from.Read(_buffer);
                if (read.IsWouldBlock)
                    return;
                if (read.IsFailure)
                {
                    splice.Abort();
                    return;
                }
                IsOver = read.IsEndOfStream;
                (_start, _end) = (0, read.Count);
            }
            if (!IsOver)
                return;
            to.ShutdownWrite();
            splice.AfterMove();
        }

        public void OnReadable() => Move();

        public void OnWritable() => (ReferenceEquals(this, splice._left) ? splice._right : splice._left).Move();

        public void OnBroken(int errno) => splice.Abort();
    }
}

using Gatehouse.Net.Transports;

namespace Gatehouse.Net.Tests.Support;

/// <summary>Sends back what comes, with back-pressure: it reads on only when all was written.</summary>
internal sealed class EchoConnection : ITransportEvents
{
    private readonly Transport _transport;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;
    private bool _ended;

    internal EchoConnection(Transport transport)
    {
        _transport = transport;
        transport.Events = this;
        Pump();
    }

    public void OnReadable() => Pump();

    public void OnWritable() => Pump();

    public void OnBroken(int errno) => _transport.Close();

    private void Pump()
    {
        while (!_transport.IsClosed)
        {
            while (_start < _end)
            {
                var written = _transport.Write(_buffer.AsSpan(_start, _end - _start));
                if (written.IsWouldBlock)
                    return;
                if (!written.IsDone)
                {
                    _transport.Abort();
                    return;
                }

                _start += written.Count;
            }

            if (_ended)
            {
                _transport.Close();
                return;
            }

            var read = _transport.Read(_buffer);
            if (read.IsWouldBlock)
                return;
            if (read.IsFailure)
            {
                _transport.Abort();
                return;
            }

            _ended = read.IsEndOfStream;
            _start = 0;
            _end = read.Count;
        }
    }
}

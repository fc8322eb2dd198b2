using System.Text;
using Gatehouse.Http.Server;
using Gatehouse.Net.Processes;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Gateways.Supervision;

/// <summary>What a process writes on standard output and error, brought to the log line by line with its pool and pid. Long lines are cut, floods are counted.</summary>
internal sealed class ProcessOutput : ITransportEvents
{
    private const int LongestLine = 8 * 1024;

    private readonly Transport _transport;
    private readonly GatewayLog _log;
    private readonly string _name;
    private readonly byte[] _line = new byte[LongestLine];
    private readonly LineRate _lines = new(perSecond: 200);
    private int _length;
    private bool _isCut;

    private ProcessOutput(Transport transport, string name, GatewayLog log)
    {
        _transport = transport;
        _name = name;
        _log = log;
    }

    /// <summary>The process's id, once it is known.</summary>
    public int ProcessId { get; set; }

    /// <summary>Opens a pipe that a process is given as its output. On the reactor.</summary>
    public static ProcessOutput Open(Reactor reactor, string name, GatewayLog log, out SafeFileHandle other)
    {
        var output = new ProcessOutput(ProcessPipe.OpenReader(reactor, out other), name, log);
        output._transport.Events = output;
        output._transport.Watch();
        return output;
    }

    /// <summary>Reads what is left and closes the pipe, which what the process has started may hold open for longer.</summary>
    public void Finish()
    {
        if (_transport.IsClosed)
            return;
        OnReadable();
        End();
    }

    /// <inheritdoc/>
    public void OnReadable()
    {
        Span<byte> buffer = stackalloc byte[4096];
        while (true)
        {
            var result = _transport.Read(buffer);
            if (result.IsWouldBlock)
                return;
            if (!result.IsDone)
            {
                End();
                return;
            }
            Take(buffer[..result.Count]);
        }
    }

    /// <inheritdoc/>
    public void OnWritable()
    {
    }

    /// <inheritdoc/>
    public void OnBroken(int errno) => End();

    private void End()
    {
        if (_length > 0)
            EndLine();
        _transport.Close();
    }

    private void Take(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            var end = data.IndexOf((byte)'\n');
            var part = end < 0 ? data : data[..end];
            var room = Math.Min(part.Length, LongestLine - _length);
            part[..room].CopyTo(_line.AsSpan(_length));
            _length += room;
            _isCut |= room < part.Length;
            if (end < 0)
                return;
            EndLine();
            data = data[(end + 1)..];
        }
    }

    private void EndLine()
    {
        var admits = _lines.Admits(out var leftOut);
        if (leftOut > 0)
            _log.Warn($"{_name}[{ProcessId}]: {leftOut} more lines were left out");
        if (admits)
            _log.Info($"{_name}[{ProcessId}]: {Printable(_line.AsSpan(0, _length))}{(_isCut ? " (cut)" : "")}");
        _length = 0;
        _isCut = false;
    }

    // A terminal acts on control characters; a log must not.
    private static string Printable(Span<byte> line)
    {
        foreach (ref var value in line)
        {
            if (value is < 0x20 or 0x7F && value != '\t')
                value = (byte)'?';
        }
        return Encoding.UTF8.GetString(line).TrimEnd('?');
    }
}

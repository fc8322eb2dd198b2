using System.Buffers;
using System.Text;

namespace Gatehouse.Tools.Get;

/// <summary>Where a body goes: a file, a pipe, a terminal. What fails in writing is curl's code 23.</summary>
internal sealed class BodySink : IDisposable
{
    // More than this is not formatted but written as it comes.
    private const int MaxFormatted = 1024 * 1024;

    private readonly Stream _output;
    private readonly bool _isOwned;
    private readonly bool _isTerminal;
    private ArrayBufferWriter<byte>? _held;

    private BodySink(Stream output, bool isOwned, bool isTerminal, bool isPretty)
    {
        _output = output;
        _isOwned = isOwned;
        _isTerminal = isTerminal;
        _held = isPretty ? new ArrayBufferWriter<byte>() : null;
    }

    public static BodySink ToFile(string path, long from)
    {
        try
        {
            var file = new FileStream(path, from > 0 ? FileMode.Open : FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            file.Position = file.CanSeek ? from : 0;
            return new BodySink(file, isOwned: true, isTerminal: false, isPretty: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(CurlCode.WriteFailed, $"{path} cannot be written: {exception.Message}", exception);
        }
    }

    public static BodySink ToStream(Stream output, bool isTerminal, bool isPretty) => new(output, isOwned: false, isTerminal, isPretty);

    public void WriteHead(string head) => WriteNow(Encoding.Latin1.GetBytes(head));

    public void Write(ReadOnlySpan<byte> data)
    {
        if (_isTerminal && data.Contains((byte)0))
            throw new ToolException(CurlCode.WriteFailed, "the body is binary and would upset your terminal; write it to a file with -o FILE, or to a pipe");
        if (_held is null)
        {
            WriteNow(data);
            return;
        }
        _held.Write(data);
        if (_held.WrittenCount <= MaxFormatted)
            return;
        WriteNow(_held.WrittenSpan);
        _held = null;
    }

    /// <summary>Writes what was held to be formatted.</summary>
    public void Finish(string? contentType)
    {
        if (_held is { WrittenCount: > 0 } held)
            WriteNow(PrettyBody.TryFormat(held.WrittenMemory, contentType) is { } formatted ? formatted : held.WrittenSpan);
        _held = null;
    }

    public void Dispose()
    {
        if (_isOwned)
            _output.Dispose();
    }

    private void WriteNow(ReadOnlySpan<byte> data)
    {
        try
        {
            _output.Write(data);
            if (_isTerminal)
                _output.Flush();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(CurlCode.WriteFailed, $"the body cannot be written: {exception.Message}", exception);
        }
    }
}

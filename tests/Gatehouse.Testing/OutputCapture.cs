using System.Text;

namespace Gatehouse.Testing;

/// <summary>Collects what a pipe delivers, on a thread of its own, until it ends.</summary>
internal sealed class OutputCapture
{
    private readonly StringBuilder _text = new();
    private readonly Thread _thread;

    public OutputCapture(StreamReader reader)
    {
        _thread = new Thread(() => Collect(reader)) { IsBackground = true, Name = "output capture" };
        _thread.Start();
    }

    public string Text
    {
        get
        {
            lock (_text) return _text.ToString();
        }
    }

    public bool WaitForEnd(TimeSpan timeout) => _thread.Join(timeout);

    private void Collect(StreamReader reader)
    {
        var buffer = new char[4096];
        try
        {
            while (reader.Read(buffer) is > 0 and var count)
                lock (_text) _text.Append(buffer, 0, count);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The owner disposed the process: nobody reads any more.
        }
    }
}

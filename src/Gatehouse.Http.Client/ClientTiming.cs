using System.Diagnostics;

namespace Gatehouse.Http.Client;

/// <summary>
/// When the steps of a request were done, each as the time since the request (of a redirect: this one) began. Null for a step that was not needed or not
/// reached.
/// </summary>
public sealed class ClientTiming
{
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>The host's name was resolved.</summary>
    public TimeSpan? NameResolved { get; private set; }

    /// <summary>The connection stood; with a tunnel, through it.</summary>
    public TimeSpan? Connected { get; private set; }

    /// <summary>The last byte of the request had been handed to the system.</summary>
    public TimeSpan? RequestSent { get; private set; }

    /// <summary>The response's head was there.</summary>
    public TimeSpan? HeadReceived { get; private set; }

    /// <summary>The response's body had been read to its end.</summary>
    public TimeSpan? BodyReceived { get; private set; }

    internal void NoteNameResolved() => NameResolved = Elapsed;

    internal void NoteConnected() => Connected = Elapsed;

    internal void NoteRequestSent() => RequestSent = Elapsed;

    internal void NoteHeadReceived() => HeadReceived = Elapsed;

    internal void NoteBodyReceived() => BodyReceived = Elapsed;

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);
}

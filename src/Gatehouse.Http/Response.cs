using System.Buffers;

namespace Gatehouse.Http;

/// <summary>
/// The head of the answer while it is being made. Once the exchange has started to send it (<see cref="HasStarted"/>) changes have no effect.
/// </summary>
public sealed class Response
{
    // An idle exchange keeps the room of a usual answer, not that of the largest it ever sent.
    private const int RetainedBytes = 64 * 1024;

    private HeaderList? _trailers;
    private ArrayBufferWriter<byte>? _body;

    /// <summary>The status code, 200 until someone sets another.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 100 to 599 (RFC 9110 section 15).</exception>
    public int Status
    {
        get;
        set
        {
            if ((uint)(value - 100) >= 500)
                throw new ArgumentOutOfRangeException(nameof(value), value, "A status code is 100 to 599 (RFC 9110 section 15).");
            field = value;
        }
    }

    = 200;

    /// <summary>Content-Length of the answer; -1 while it is not known. A driver picks the framing from it.</summary>
    public long ContentLength { get; set; } = -1;

    /// <summary>
    /// The fields. Framing (Content-Length, Transfer-Encoding, Connection) is the driver's: such fields are not sent when found here. Date and Server are
    /// added by the driver unless present.
    /// </summary>
    public HeaderList Headers { get; } = new();

    /// <summary>Fields to send after the body, where the protocol can carry them. Made when first asked for.</summary>
    public HeaderList Trailers => _trailers ??= new HeaderList();

    /// <summary>True when someone has set trailers.</summary>
    public bool HasTrailers => _trailers is { Count: > 0 };

    /// <summary>
    /// The whole body, for the driver to send when the handler has ended without sending anything: a handler on another thread needs no turn on the reactor for
    /// it. Kept from request to request for its room.
    /// </summary>
    public ArrayBufferWriter<byte> Body => _body ??= new ArrayBufferWriter<byte>();

    /// <summary>True when something stands in <see cref="Body"/>.</summary>
    public bool HasBody => _body is { WrittenCount: > 0 };

    /// <summary>
    /// True when the body is the driver's own page for an error that no handler gave a body. The driver says so before it asks the filters, one of which may
    /// have a better page.
    /// </summary>
    public bool HasStandInBody { get; set; }

    /// <summary>True when the client's connection ends behind this answer, where its protocol has one answer at a time (HTTP/1).</summary>
    public bool ClosesConnection { get; set; }

    /// <summary>True once the head is on its way.</summary>
    public bool HasStarted { get; internal set; }

    /// <summary>Bytes of the body handed to the transport so far, as sent (after compression).</summary>
    public long BodyBytes { get; set; }

    /// <summary>Makes the response new for the next request.</summary>
    public void Reset()
    {
        Status = 200;
        ContentLength = -1;
        Headers.Clear();
        _trailers?.Clear();
        HasStarted = HasStandInBody = ClosesConnection = false;
        BodyBytes = 0;
        if (_body is { Capacity: > RetainedBytes })
            _body = null;
        _body?.ResetWrittenCount();
    }
}

using System.Buffers;
using System.Text;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Http.Client.Origins;
using Gatehouse.Http.Urls;
using Gatehouse.Net.Buffers;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Http.Client.Exchanges;

/// <summary>
/// One request and its response on one connection. The steps:
/// <list type="number">
/// <item>take a connection at rest, or make one;</item>
/// <item>send the head, and a body that lies in memory with it;</item>
/// <item>start to send any other body, beside what follows: a server may answer before it has read all;</item>
/// <item>read the response's head, passing over interim ones;</item>
/// <item>take the whole body and give the connection back, or leave both to a <see cref="ResponseBody"/>.</item>
/// </list>
/// Everything happens on the reactor but the writing of a body, which is the caller's code and goes to the thread pool.
/// </summary>
internal sealed class ClientExchange(Reactor reactor, RequesterOptions options, Hop hop, Url? proxy) : IReactorWork, IDisposable
{
    private CancellationTokenSource? _bodyStop;
    private Http1ClientConnection _connection = null!;
    private ContinueGate? _gate;
    private Exception? _bodyFault;
    private int _generation;
    private bool _isCancellable;

    /// <summary>When its steps were done.</summary>
    public ClientTiming Timing { get; } = new();

    /// <summary>True when it went over a connection that had carried a request before.</summary>
    public bool IsReused => _connection is { IsReused: true };

    /// <summary>What the writing of the request's body threw, or null.</summary>
    public Exception? BodyFault => Volatile.Read(ref _bodyFault);

    /// <summary>Sends the request and reads the head of the response. On the reactor.</summary>
    /// <param name="origin">Where it goes.</param>
    /// <param name="isFresh">True to go over a new connection.</param>
    /// <param name="cancellation">Closes the connection; whoever gave it says what that was.</param>
    public async ValueTask<Http1ClientConnection> SendAsync(Origin origin, bool isFresh, CancellationToken cancellation)
    {
        // 1. The connection.
        cancellation.ThrowIfCancellationRequested();
        _connection = (isFresh ? null : origin.TryRent()) ?? await origin.ConnectAsync(Timing, cancellation);
        _generation = _connection.Generation;
        options.Observer?.OnConnection(_connection.Endpoint, _connection.IsReused);
        _isCancellable = true;
        using var registration = cancellation.UnsafeRegister(static exchange => ((ClientExchange)exchange!).Cancel(), this);
        try
        {
            _connection.Begin(hop.Kind);
            SendRequest();
            await ReadHeadAsync();
            return _connection;
        }
        catch (ClientException) when (BodyFault is { } fault)
        {
            Dispose();
            throw new IOException($"The request's body could not be sent: {fault.Message}", fault);
        }
        catch
        {
            Dispose();
            throw;
        }
        finally
        {
            _isCancellable = false;
        }
    }

    /// <summary>Gives the connection back and ends the sending of the body if that still goes on. On the reactor, once.</summary>
    public void Dispose()
    {
        _connection.Release();
        _gate?.Shut();
        if (_bodyStop is not null)
            _ = StopAsync(_bodyStop);
    }

    /// <summary>Closes the connection under the exchange.</summary>
    void IReactorWork.Run()
    {
        if (_connection.Generation == _generation && (_isCancellable || BodyFault is not null))
            _connection.Dispose();
    }

    private void Cancel() => reactor.TryPost(this);

    // What the caller's code does about it is not done on the reactor.
    private static async Task StopAsync(CancellationTokenSource stop)
    {
        await stop.CancelAsync();
        stop.Dispose();
    }

    private void SendRequest()
    {
        var head = new ArrayBufferWriter<byte>(512);
        RequestHead.Write(hop, proxy, options, head);
        options.Observer?.OnRequest(head.WrittenSpan);
        _connection.Output.Append(head.WrittenSpan);

        // 2. With a body in memory.
        if (hop.Body is null || (hop.Body is BytesBody && !hop.ExpectsContinue))
        {
            if (hop.Body is BytesBody { Bytes: var bytes })
            {
                if (bytes.Length <= OutputBuffer.CopyLimit)
                    _connection.Output.Append(bytes.Span);
                else
                    _connection.Output.Attach(bytes);
            }
            _ = FlushAsync(_connection.FlushAsync());
            return;
        }

        // 3. Any other body.
        _connection.IsRequestOpen = true;
        _gate = hop.ExpectsContinue ? new ContinueGate(reactor) : null;
        var output = new RequestStream(_connection, reactor, hop.Body.Length, Timing);
        var headSent = _connection.FlushAsync().AsTask();
        _bodyStop = new CancellationTokenSource();
        var stop = _bodyStop.Token;
        _ = Task.Run(() => SendBodyAsync(output, headSent, stop), CancellationToken.None);
    }

    private async Task FlushAsync(ValueTask flush)
    {
        try
        {
            await flush;
            Timing.NoteRequestSent();
        }
        catch (ClientException)
        {
            // What ended the writing has closed the connection, and the reading side reports it.
        }
    }

    private async Task SendBodyAsync(RequestStream output, Task headSent, CancellationToken stop)
    {
        try
        {
            await headSent;
            if (_gate is not null && !await _gate.Opened)
                return;
            await hop.Body!.WriteToAsync(output, stop);
            await output.CompleteAsync();
        }
        catch (Exception exception)
        {
            // A fault of the connection is met by the reading side too, which reports it; and after the end of the exchange nobody wants the body.
            if (exception is ClientException || stop.IsCancellationRequested)
                return;
            Volatile.Write(ref _bodyFault, exception);
            reactor.TryPost(this);
        }
    }

    private void TellResponse()
    {
        if (options.Observer is not { } observer)
            return;
        var head = _connection.Response;
        var headers = new HeaderList();
        Copy(head.Headers, headers);
        observer.OnResponse(head.MinorVersion == 0 ? HttpVersion.Http10 : HttpVersion.Http11, head.Status, ReasonOf(_connection), headers);
    }

    // 4. The response's head.
    private async ValueTask ReadHeadAsync()
    {
        var response = _connection.Response;
        await _connection.ReadHeadAsync();
        TellResponse();
        while (response.IsInterim)
        {
            if (response.Status == 100)
                _gate?.Open();
            _connection.NextHead(hop.Kind);
            await _connection.ReadHeadAsync();
            TellResponse();
        }
        _gate?.Shut();
        Timing.NoteHeadReceived();
        if (response.Status == 101 && !hop.AsksUpgrade)
        {
            throw new ClientException(
                ClientFault.BadResponse,
                $"{_connection.Endpoint} answers 101 (Switching Protocols) to a request that did not ask for it (RFC 9110 section 15.2.2)");
        }
        if (response.ContentLength > options.MaxBodyBytes)
            throw TooLong();
    }

    /// <summary>The fault of a body that is longer than the options allow.</summary>
    public ClientException TooLong() =>
        new(ClientFault.BadResponse, $"the response's body is longer than the {options.MaxBodyBytes} bytes that are allowed");

    /// <summary>Copies the fields of a table that will not stay.</summary>
    public static void Copy(HeaderTable from, HeaderList to)
    {
        for (var i = 0; i < from.Count; i++)
            to.Add(from[i]);
    }

    /// <summary>The reason phrase as text; it may hold bytes of any charset (RFC 9112 section 4).</summary>
    public static string ReasonOf(Http1ClientConnection connection)
    {
        Http1ResponseParser response = connection.Response;
        return Encoding.Latin1.GetString(connection.HeadBuffer.AsSpan(response.Reason.Start, response.Reason.Length));
    }
}

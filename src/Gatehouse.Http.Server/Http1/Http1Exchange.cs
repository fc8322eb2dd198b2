using Gatehouse.Net.Buffers;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Http.Server.Http1;

/// <summary>
/// One HTTP/1 request and its answer on a connection. Reused from request to request on its reactor. This part takes the request from the connection; the
/// parts beside it read and write.
/// </summary>
internal sealed partial class Http1Exchange(ServerReactor owner) : ServerExchange(owner)
{
    private readonly Http1RequestParser _parser = new(Http1Limits.Default);
    private Http1Connection _connection = null!;

    public Http1RequestBody Body { get; } = new();

    public Http1RequestParser Parser => _parser;

    /// <summary>True when the connection goes on after this exchange.</summary>
    public bool KeepsAlive { get => field && !HasFailed; private set; }

    /// <summary>Bytes of the body that the handler read; what comes after is drained.</summary>
    public long DrainedFrom { get; private set; }

    public override bool IsAborted => _connection.IsBroken;

    protected override ServerConnection Connection => _connection;

    /// <summary>Goes on parsing the head at the front of <paramref name="input"/>.</summary>
    public ParseStatus Parse(InputBuffer input, Http1Limits limits, out int headEnd)
    {
        _parser.Limits = limits;
        return _parser.Parse(input.Buffer, input.Start, input.End, out headEnd);
    }

    /// <summary>The bytes of a partial head moved.</summary>
    public void RebaseParser(byte[] buffer, int moved) => _parser.Rebase(buffer, moved);

    /// <summary>The bytes of this exchange's head moved.</summary>
    public void Rebase(byte[] buffer, int moved) => Request.Rebase(buffer, moved);

    /// <summary>Gives the parsed request to the handler. True when the handler is done and the answer complete.</summary>
    public bool Run(Http1Connection connection, bool keepAlive)
    {
        _connection = connection;
        Begin(keepAlive);
        return RunHandler();
    }

    /// <summary>Makes the exchange ready to be rented again.</summary>
    public override void End()
    {
        _parser.Reset();
        base.End();
    }

    public override void Abort()
    {
        if (Reactor.IsCurrent)
            _connection.Kill();
        else
            Reactor.Post(static connection => ((Http1Connection)connection!).Kill(), _connection);
    }

    protected override void Drop() => _connection.Kill();

    protected override void OnHandlerCompleted() => _connection.OnHandlerCompleted();

    protected override void OnHandlerEnding() => DrainedFrom = Body.Received;

    private void Begin(bool keepAlive)
    {
        var parser = _parser;
        Request.SetLine(
            _connection.Input.Buffer,
            parser.Method,
            parser.MethodName,
            parser.Target,
            parser.Path,
            parser.Query,
            parser.HasQuery,
            parser.MinorVersion == 0 ? HttpVersion.Http10 : HttpVersion.Http11);
        Request.SetMessage(parser.Headers, parser.Authority, parser.ContentLength, parser.ExpectsContinue, parser.AsksUpgrade);
        Body.Begin(_connection, parser.ContentLength, _connection.Limits.Head);
        BeginExchange();
        KeepsAlive = keepAlive && parser.KeepAlive;
    }
}

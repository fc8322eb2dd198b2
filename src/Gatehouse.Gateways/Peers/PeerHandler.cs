using System.Diagnostics;
using System.Runtime.CompilerServices;
using Gatehouse.Edge.Relay;
using Gatehouse.Http;
using Gatehouse.Http.Client;
using Gatehouse.Http.Tasks;
using Gatehouse.Protocols.Cgi;
using Gatehouse.Upstreams;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Gateways.Peers;

/// <summary>
/// Lets a FastCGI, SCGI or uwsgi server answer. The steps:
/// <list type="number">
/// <item>find the script, where the route has a folder of them;</item>
/// <item>collect the request's body, where the route buffers it or its length is not known, which scripts must be told;</item>
/// <item>choose a target that was not tried yet;</item>
/// <item>take a connection at rest, or make one;</item>
/// <item>send the variables and the body;</item>
/// <item>read the answer's head; a failure to connect may be repeated on another target;</item>
/// <item>relay the answer, or run the errand that the script left;</item>
/// <item>give the connection back.</item>
/// </list>
/// </summary>
internal abstract class PeerHandler(Upstream upstream, PeerRules rules) : IHandler
{
    // Bodies up to this size go out in one call with the variables.
    private const int CopiedBody = 16 * 1024;

    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange)
    {
        // 1. The script.
        var path = exchange.Request.Path;
        var prefix = rules.StripFrom(path);
        if (rules.Folder is not { } folder)
            return StartAsync(exchange, new ScriptPlace(prefix, prefix));
        return folder.TryFind(path, prefix, out var place) ? StartOrMissAsync(exchange, place) : FindAndStartAsync(exchange, folder, prefix);
    }

    /// <summary>A connection to the target at rest, or null.</summary>
    protected abstract PeerConnection? TryRent(Target target);

    /// <summary>Makes a connection to the target.</summary>
    /// <exception cref="ClientException">It was refused or not made in time.</exception>
    protected abstract ValueTask<PeerConnection> ConnectAsync(Target target);

    /// <summary>Writes what stands before the body to the connection's output.</summary>
    /// <exception cref="BadRequestException">The variables are more than the protocol can carry (431).</exception>
    protected abstract void WriteHead(PeerConnection connection, CgiVariables variables, long contentLength);

    private ValueTask StartOrMissAsync(Exchange exchange, ScriptPlace? place)
    {
        if (place is { } found)
            return StartAsync(exchange, found);
        exchange.Response.Status = 404;
        return default;
    }

    private async ValueTask FindAndStartAsync(Exchange exchange, ScriptFolder folder, int prefix)
    {
        ScriptPlace? place;
        try
        {
            place = await folder.FindAsync(exchange.Request, prefix);
        }
        catch (IOException exception)
        {
            exchange.Notes.Failure = exception.Message;
            exchange.Response.Status = 503;
            return;
        }
        await StartOrMissAsync(exchange, place);
    }

    private ValueTask StartAsync(Exchange exchange, ScriptPlace place) =>
        exchange.Request.HasBody && (rules.Buffering.IsOn || exchange.Request.ContentLength < 0)
            ? CollectAndForwardAsync(exchange, place)
            : ForwardAsync(exchange, place, body: null);

    // 2. The body.
    private async ValueTask CollectAndForwardAsync(Exchange exchange, ScriptPlace place)
    {
        using var body = await CollectedBody.ReadAsync(exchange, rules.Buffering);
        await ForwardAsync(exchange, place, body);
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private async ValueTask ForwardAsync(Exchange exchange, ScriptPlace place, CollectedBody? body)
    {
        var started = Stopwatch.GetTimestamp();
        var tries = new UpstreamTries(upstream, RetryRules.Default);
        ScriptErrand errand = default;

        // 3. A target.
        while (tries.TryBegin(exchange))
        {
            var target = tries.Target;
            PeerConnection? connection = null;
            PeerUpload? upload = null;
            try
            {
                // 4. A connection.
                connection = (tries.IsAgain ? null : TryRent(target)) ?? await ConnectAsync(target);
                exchange.AbortObserver = connection;

                // 5. The request.
                connection.Begin(exchange, place, rules.Log);
                var length = body?.Length ?? exchange.Request.ContentLength;
                WriteHead(connection, rules.Variables.Fill(exchange, place, length), length);
                if (length == 0 || (body is { File: null } && length <= CopiedBody))
                    await SendWholeAsync(connection, body);
                else
                    (upload = new PeerUpload(exchange, connection, body)).Start();

                // 6. The answer's head.
                await connection.ReadHeadAsync();
                exchange.Notes.UpstreamTicks = Stopwatch.GetTimestamp() - started;
                exchange.Notes.UpstreamStatus = connection.Response.Status;
                _ = tries.MustRepeat(exchange, connection.Response.Status, canRepeat: false);

                // 7. The answer.
                errand = ScriptAnswer.ErrandOf(connection.Response, connection.HeadBuffer);
                if (errand.Kind != ScriptErrandKind.None)
                {
                    ScriptAnswer.CopyForErrand(connection.Response, exchange.Response);
                    break;
                }
                ScriptAnswer.Copy(connection.Response, exchange.Response);
                if (connection.TryTakeWhole(out var whole))
                {
                    await (whole.IsEmpty ? exchange.CompleteAsync() : exchange.SendAsync(whole));
                }
                else if (await ResponseRelay.RelayAsync(exchange, connection, rules.Buffering) is { } spool)
                {
                    // 8. The peer has done its part, and the client has not: it gets the rest from what was collected.
                    connection.Release();
                    connection = null;
                    tries.End(exchange);
                    await spool.FinishAsync();
                }
                return;
            }
            catch (ClientException failure)
            {
                // A script that was begun is not begun again, unless only the connection at rest had gone stale.
                var canRepeat = (body is not null || !exchange.Request.HasBody) && (failure.IsUnsent || connection is { IsReused: true });
                if (tries.MayRepeat(exchange, failure, upload?.Fault, canRepeat, connection is { IsReused: true }))
                    continue;
                // A peer that is not there is a service that is not available, whatever it would have said.
                if (failure.Fault == ClientFault.Connect && !exchange.Response.HasStarted)
                    exchange.Response.Status = 503;
                return;
            }
            finally
            {
                // 8. The connection.
                connection?.Release();
                tries.End(exchange);
            }
        }
        if (errand.Kind != ScriptErrandKind.None)
            await rules.Answer.RunAsync(errand, exchange);
    }

    private static ValueTask SendWholeAsync(PeerConnection connection, CollectedBody? body)
    {
        if (body is { Length: > 0 })
        {
            var frame = connection.Output.Reserve(connection.FrameLength);
            connection.FrameBody(frame, body.Memory.Length);
            connection.Output.Commit(connection.FrameLength);
            connection.Output.Append(body.Memory.Span);
        }
        connection.EndBody();
        return connection.FlushAsync();
    }
}

using System.Net.Sockets;
using Gatehouse.Edge.Relay;
using Gatehouse.Gateways.Peers;
using Gatehouse.Http;
using Gatehouse.Http.Client;

namespace Gatehouse.Gateways.Cgi;

/// <summary>
/// Runs a CGI script for each request (RFC 3875). The steps:
/// <list type="number">
/// <item>collect the request's body, where the route buffers it or its length is not known, which scripts must be told;</item>
/// <item>open the pipes; find the script and start it;</item>
/// <item>send the body while the answer may already be coming;</item>
/// <item>read the answer's head, and relay the answer or run the errand that the script left;</item>
/// <item>let the process end, or see to it.</item>
/// </list>
/// </summary>
internal sealed class CgiHandler(CgiRules rules) : IHandler
{
    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange) => exchange.Request.HasBody && (rules.Buffering.IsOn || exchange.Request.ContentLength < 0)
        ? CollectAndRunAsync(exchange)
        : RunAsync(exchange, body: null);

    // 1. The body.
    private async ValueTask CollectAndRunAsync(Exchange exchange)
    {
        using var body = await CollectedBody.ReadAsync(exchange, rules.Buffering);
        await RunAsync(exchange, body);
    }

    private async ValueTask RunAsync(Exchange exchange, CollectedBody? body)
    {
        if (!rules.TryEnter())
        {
            Fail(exchange, 503, $"{rules.Processes} scripts run already, as many as may (processes)");
            return;
        }
        // 2. The script.
        var length = body?.Length ?? exchange.Request.ContentLength;
        CgiConnection? connection = null;
        PeerUpload? upload = null;
        ScriptErrand errand = default;
        var isRunning = false;
        try
        {
            var launch = new CgiLaunch(exchange, rules, length);
            connection = new CgiConnection("the script", rules.Timeouts, length > 0, out var input, out var output);
            var process = new CgiProcess(rules, "the script", out var errors);
            try
            {
                if (await launch.StartAsync(process, input, output, errors) is not { } started)
                {
                    process.NotStarted();
                    exchange.Response.Status = launch.Status;
                    return;
                }
                isRunning = true;
                process.Started(started);
                connection.Attach(process);
            }
            catch (IOException exception)
            {
                process.NotStarted();
                Fail(exchange, 503, exception.Message);
                return;
            }
            exchange.Notes.Upstream = "cgi";
            exchange.AbortObserver = connection;

            // 3. The body.
            connection.Begin(exchange, launch.Place, rules.Log);
            if (length > 0)
                (upload = new PeerUpload(exchange, connection, body)).Start();

            // 4. The answer.
            await connection.ReadHeadAsync();
            if (launch.IsNonParsed && !connection.Response.HasStatusLine)
                throw new ClientException(ClientFault.BadResponse, "the script's name says that it sends a status line (nph-), and it sent none (RFC 3875 section 5)");
            exchange.Notes.UpstreamStatus = connection.Response.Status;
            errand = ScriptAnswer.ErrandOf(connection.Response, connection.HeadBuffer);
            if (errand.Kind != ScriptErrandKind.None)
            {
                ScriptAnswer.CopyForErrand(connection.Response, exchange.Response);
            }
            else
            {
                ScriptAnswer.Copy(connection.Response, exchange.Response);
                await RelayAsync(exchange, connection);
            }
        }
        catch (ClientException failure)
        {
            if (upload?.Fault is { } fault)
                throw fault;
            if (exchange.IsAborted)
                throw new BadRequestException(499, "the client went away while its request was answered");
            exchange.Notes.Failure = failure.Message;
            if (exchange.Response.HasStarted)
                exchange.Abort();
            else
                Fail(exchange, failure.GatewayStatus, failure.Message);
            return;
        }
        catch (SocketException exception)
        {
            Fail(exchange, 503, exception.Message);
            return;
        }
        finally
        {
            // 5. The process.
            exchange.AbortObserver = null;
            connection?.Release();
            if (!isRunning)
                rules.Leave();
        }
        if (errand.Kind != ScriptErrandKind.None)
            await rules.Answer.RunAsync(errand, exchange);
    }

    private async ValueTask RelayAsync(Exchange exchange, CgiConnection connection)
    {
        if (connection.TryTakeWhole(out var whole))
        {
            await (whole.IsEmpty ? exchange.CompleteAsync() : exchange.SendAsync(whole));
            return;
        }
        if (await ResponseRelay.RelayAsync(exchange, connection, rules.Buffering) is not { } spool)
            return;
        exchange.AbortObserver = null;
        connection.Release();
        await spool.FinishAsync();
    }

    private static void Fail(Exchange exchange, int status, string failure)
    {
        exchange.Notes.Failure = failure;
        exchange.Response.Reset();
        exchange.Response.Status = status;
    }
}

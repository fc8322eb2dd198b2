using System.Buffers;
using System.Runtime.CompilerServices;
using Gatehouse.Http;
using Gatehouse.Http.Tasks;
using Gatehouse.Protocols;

namespace Gatehouse.Gateways.Python;

/// <summary>
/// Has a request answered by a worker of a pool. The steps: 1. collect the body, where the route buffers it; 2. write the message and put it in line; 3. take the
/// parts of the answer as they come, and give the worker what it asks of the body meanwhile; 4. send them.
/// </summary>
internal abstract class PythonHandler(PythonPool pool) : IHandler
{
    // What worker.py makes of a body that did not come along.
    private const int BodyInFile = 0;
    private const int BodyStreams = 1;

    /// <summary>The workers.</summary>
    protected PythonPool Pool => pool;

    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        return exchange.Request.HasBody && pool.Settings.Config.Buffer ? CollectAndRunAsync(exchange) : RunAsync(exchange, body: null);
    }

    /// <summary>Writes the last part of the message: what the application is told of the request.</summary>
    protected abstract void WriteRequest(PythonRequest request, Exchange exchange, RequestBody? body);

    /// <summary>Takes a part that only this kind of application sends. False when it is none.</summary>
    protected virtual ValueTask<bool> TakeOwnAsync(PythonRequest request, Exchange exchange, AnswerPart part) => new(false);

    // The message: number, body, request.
    private void WriteMessage(PythonRequest request, Exchange exchange, RequestBody? body)
    {
        var message = request.Message;
        message.Clear();
        message.Tuple(3);
        message.Number(0);
        if (body is { File: not null })
            message.Number(BodyInFile);
        else if (body is not null)
            message.Bytes(body.Memory);
        else if (exchange.Request.HasBody)
            message.Number(BodyStreams);
        else
            message.None();
        WriteRequest(request, exchange, body);
    }

    // 1. The body.
    private async ValueTask CollectAndRunAsync(Exchange exchange)
    {
        using var body = await RequestBody.ReadAsync(exchange);
        await RunAsync(exchange, body);
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private async ValueTask RunAsync(Exchange exchange, RequestBody? body)
    {
        var request = pool.Rent();
        try
        {
            // 2. The message.
            WriteMessage(request, exchange, body);
            exchange.AbortObserver = request;
            pool.Submit(request);

            // 3. The answer.
            var left = -1L;
            AnswerPart part;
            do
            {
                while (!request.TryTake(out part))
                    await request.WaitAsync();
                switch (part.Kind)
                {
                    case AnswerKind.Whole:
                        if (TryBegin(exchange, part, out left))
                            await SendWholeAsync(exchange, part, left);
                        return;
                    case AnswerKind.Head when !exchange.Response.HasStarted:
                        if (!TryBegin(exchange, part, out left))
                            return;
                        if (!part.Data.IsEmpty)
                            left = await WriteAsync(exchange, part.Data, left);
                        break;
                    case AnswerKind.Data when exchange.Response.HasStarted || exchange.Request.Method == Method.Head:
                        left = part.File is null ? await WriteAsync(exchange, part.Data, left) : await WriteFileAsync(exchange, part, left);
                        break;
                    case AnswerKind.End:
                        await EndAsync(exchange, left);
                        return;
                    case AnswerKind.File:
                        if (TryBegin(exchange, part, out left))
                            await EndAsync(exchange, await WriteFileAsync(exchange, part, left));
                        return;
                    case AnswerKind.Body:
                        pool.Reply(request, body?.File is null ? AnswerKind.Abort : AnswerKind.File, default, default, body?.File?.Handle);
                        break;
                    case AnswerKind.Pull:
                        await PassBodyAsync(exchange, request, (int)part.Total);
                        break;
                    default:
                        if (await TakeOwnAsync(request, exchange, part))
                            break;
                        Fail(exchange, part.Kind);
                        return;
                }
                request.Release();
            }
            while (!part.IsLast);
        }
        finally
        {
            exchange.AbortObserver = null;
            request.Finish();
        }
    }

    private static bool TryBegin(Exchange exchange, in AnswerPart part, out long left)
    {
        var isHead = AnswerHead.TryRead(part.Head.Span, exchange.Response, out var fault);
        left = exchange.Response.ContentLength;
        if (isHead)
        {
            if (left < 0 && part.Total >= 0 && exchange.Request.Method != Method.Head)
                exchange.Response.ContentLength = left = part.Total;
            return true;
        }
        exchange.Response.Reset();
        exchange.Response.Status = 500;
        exchange.Notes.Failure = fault;
        return false;
    }

    // 4. Sending. What an application sends beyond its Content-Length is cut (PEP 3333), what it leaves out breaks the connection: a client must be able to tell.
    private static ValueTask SendWholeAsync(Exchange exchange, in AnswerPart part, long left)
    {
        if (exchange.Request.Method == Method.Head || exchange.Response.Status is 204 or 304)
            return exchange.CompleteAsync();
        if (left == part.Data.Length)
            return exchange.SendAsync(part.Data);
        return SendMismatchAsync(exchange, part.Data, left);
    }

    private static async ValueTask SendMismatchAsync(Exchange exchange, ReadOnlyMemory<byte> data, long left) =>
        await EndAsync(exchange, await WriteAsync(exchange, data, left));

    private static async ValueTask<long> WriteAsync(Exchange exchange, ReadOnlyMemory<byte> data, long left)
    {
        if (left >= 0 && data.Length > left)
        {
            exchange.Notes.Failure = "the application sent more than its Content-Length";
            data = data[..(int)left];
        }
        if (!data.IsEmpty)
            await exchange.WriteAsync(data);
        return left < 0 ? left : left - data.Length;
    }

    private static async ValueTask<long> WriteFileAsync(Exchange exchange, AnswerPart part, long left)
    {
        // A chunk of a chunked body has a size of 31 bits.
        const long LargestPart = 1 << 30;
        var count = left < 0 ? part.Count : Math.Min(part.Count, left);
        if (exchange.Request.Method == Method.Head)
            return left < 0 ? left : left - count;
        for (var sent = 0L; sent < count; sent += LargestPart)
            await exchange.SendFileAsync(part.File!, part.Offset + sent, Math.Min(LargestPart, count - sent));
        return left < 0 ? left : left - count;
    }

    private static ValueTask EndAsync(Exchange exchange, long left)
    {
        if (left <= 0 || exchange.Request.Method == Method.Head || exchange.Response.Status is 204 or 304)
            return exchange.CompleteAsync();
        exchange.Notes.Failure = $"the application sent {left} bytes less than its Content-Length";
        exchange.Abort();
        return default;
    }

    private async ValueTask PassBodyAsync(Exchange exchange, PythonRequest request, int most)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Clamp(most, 1, 64 * 1024));
        try
        {
            var count = await exchange.ReadAsync(buffer.AsMemory(0, Math.Clamp(most, 1, 64 * 1024)));
            pool.Reply(request, AnswerKind.Data, default, buffer.AsMemory(0, count));
        }
        catch (BadRequestException)
        {
            pool.Reply(request, AnswerKind.Abort, default, default);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Fail(Exchange exchange, AnswerKind kind)
    {
        if (kind == AnswerKind.Gone && !exchange.IsExpired)
            throw new BadRequestException(499, "the client went away while its request was run");
        exchange.Notes.Failure = kind switch
        {
            AnswerKind.Failed => "the application failed; its traceback is in the log",
            AnswerKind.Abort => "the application failed after its answer began; its traceback is in the log",
            AnswerKind.Died => "the worker died",
            AnswerKind.TimedOut => $"the application took longer than {pool.Settings.Config.Timeout.TotalSeconds:0.#} s",
            AnswerKind.Gone => "the request's time was up",
            AnswerKind.Refused => "no worker took the request",
            _ => "the worker sent parts of an answer in an order that makes none",
        };
        if (exchange.Response.HasStarted)
        {
            exchange.Abort();
            return;
        }
        exchange.Response.Reset();
        exchange.Response.Status = kind switch
        {
            AnswerKind.Failed => 500,
            AnswerKind.TimedOut or AnswerKind.Gone => 504,
            AnswerKind.Refused => 503,
            _ => 502,
        };
    }
}

using System.Text;
using Gatehouse.Edge.Logs;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Web;

/// <summary>Makes answers of what handlers throw.</summary>
internal static class Failures
{
    /// <summary>False for what the driver answers best: the client is gone, or the request's time is up.</summary>
    public static bool IsOurs(Call call, Exception exception) => exception switch
    {
        BadRequestException { Status: 499 or 408 } => false,
        OperationCanceledException => !call.Exchange.IsAborted && !call.Exchange.IsExpired,
        _ => !call.Exchange.IsAborted,
    };

    /// <summary>Answers; nothing has been sent.</summary>
    public static ValueTask AnswerAsync(Call call, Exception exception)
    {
        call.Response.Reset();
        if (exception is BadRequestException bad)
        {
            new Problem(bad.Status, bad.Message).Write(call);
            return default;
        }
        call.Exchange.Notes.Failure ??= exception.Message;
        AppLog.HandlerFailed(call.App.Logger, Encoding.Latin1.GetString(call.Request.MethodName), Encoding.Latin1.GetString(call.Request.RawPath), RequestId(call.Exchange), exception);
        call.Response.Headers.Set(KnownHeader.XRequestId, Encoding.ASCII.GetBytes(RequestId(call.Exchange)));
        if (call.App.IsDevelopment)
            DevelopmentPage.Write(call, exception);
        else
            new Problem(500).Write(call);
        return default;
    }

    /// <summary>The identifier of a request: what was given to it before, or one that it gets now.</summary>
    public static string RequestId(Exchange exchange)
    {
        var identity = RequestIdentity.TryGet(exchange, out var known) ? known : RequestIdentity.Begin(exchange);
        return Encoding.ASCII.GetString(identity.Id);
    }
}

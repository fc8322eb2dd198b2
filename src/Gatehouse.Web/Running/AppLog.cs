using Microsoft.Extensions.Logging;

namespace Gatehouse.Web;

/// <summary>What the framework itself logs.</summary>
internal static partial class AppLog
{
    [LoggerMessage(1, LogLevel.Information, "listening on {Url}")]
    public static partial void Listening(ILogger logger, string url);

    [LoggerMessage(2, LogLevel.Information, "stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "stopped; what was not done after {Seconds} s was cut off")]
    public static partial void CutOff(ILogger logger, double seconds);

    [LoggerMessage(4, LogLevel.Error, "{Method} {Path}: the handler failed (request {RequestId})")]
    public static partial void HandlerFailed(ILogger logger, string method, string path, string requestId, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "{Remote}: {Status}: {Reason}")]
    public static partial void Refused(ILogger logger, string remote, int status, string reason);

    [LoggerMessage(6, LogLevel.Warning, "a handler that is declared Inline has held its reactor for {Milliseconds} ms; no other connection was served there meanwhile")]
    public static partial void ReactorHeld(ILogger logger, double milliseconds);

    [LoggerMessage(7, LogLevel.Error, "no connection can be accepted until others end: {Reason}")]
    public static partial void AcceptSuspended(ILogger logger, string reason);

    [LoggerMessage(8, LogLevel.Error, "a callback on a reactor failed")]
    public static partial void CallbackFailed(ILogger logger, Exception exception);

    [LoggerMessage(9, LogLevel.Warning, "{Count} more lines like these were left out")]
    public static partial void LeftOut(ILogger logger, long count);

    [LoggerMessage(10, LogLevel.Critical, "{Message}")]
    public static partial void CannotStart(ILogger logger, string message);

    [LoggerMessage(11, LogLevel.Error, "a job failed")]
    public static partial void JobFailed(ILogger logger, Exception exception);
}

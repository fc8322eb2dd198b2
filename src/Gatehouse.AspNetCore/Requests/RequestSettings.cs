using Microsoft.Extensions.Logging;

namespace Gatehouse.AspNetCore.Requests;

/// <summary>What all requests of a server share.</summary>
/// <param name="RunsInline">Whether the application runs on the reactor.</param>
/// <param name="AllowSynchronousIO">Whether bodies may be read and written by calls that block.</param>
/// <param name="Logger">The server's log.</param>
/// <param name="Stopping">Cancelled when the server begins to stop.</param>
internal sealed record RequestSettings(bool RunsInline, bool AllowSynchronousIO, ILogger Logger, CancellationToken Stopping);

using Gatehouse.Edge.Relay;
using Gatehouse.Http.Client;
using Gatehouse.Http.Client.Http1;

namespace Gatehouse.Edge.Proxy;

/// <summary>Sends a request's collected body to a target, behind the head that is in the connection's output.</summary>
internal static class ProxyCollectedBody
{
    /// <summary>
    /// Starts to send; what does not go out at once goes on by itself beside the reading of the response, since a target may answer before it has read all.
    /// </summary>
    public static void Start(Http1ClientConnection connection, CollectedBody body)
    {
        var sending = SendAsync(connection, body);
        if (sending.IsCompletedSuccessfully)
            return;
        connection.IsRequestOpen = true;
        _ = EndAsync(connection, connection.Generation, sending);
    }

    private static async Task EndAsync(Http1ClientConnection connection, int generation, ValueTask sending)
    {
        try
        {
            await sending;
            if (connection.Generation == generation)
                connection.IsRequestOpen = false;
        }
        catch (ClientException)
        {
            // The reading side meets the same fault and reports it.
        }
    }

    private static async ValueTask SendAsync(Http1ClientConnection connection, CollectedBody body)
    {
        if (!body.Memory.IsEmpty)
            connection.Output.Attach(body.Memory);
        await connection.FlushAsync();
        if (body.File is null)
            return;
        connection.Output.Attach(body.File, 0, body.FileLength);
        await connection.FlushAsync();
    }
}

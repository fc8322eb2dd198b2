using Gatehouse.Edge.Relay;
using Gatehouse.Http;
using Gatehouse.Http.Client;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Gateways.Peers;

/// <summary>
/// Sends a request's body while the answer may already be coming: a script that copies its input to its output would otherwise wait for us, and we for it.
/// </summary>
internal sealed class PeerUpload(Exchange exchange, PeerConnection connection, CollectedBody? body)
{
    /// <summary>What was wrong with the client's body: then the connection was closed, which ends the reading of the answer.</summary>
    public BadRequestException? Fault { get; private set; }

    /// <summary>Starts sending; goes on by itself, and ends when the body, the connection or the exchange does.</summary>
    public void Start()
    {
        connection.IsRequestOpen = true;
        _ = SendAsync();
    }

    private async Task SendAsync()
    {
        try
        {
            if (body is null)
                await StreamAsync();
            else
                await SendCollectedAsync(body);
            if (connection.IsClosed)
                return;
            connection.EndBody();
            await connection.FlushAsync();
            if (connection.IsClosed)
                return;
            connection.CloseInput();
            connection.IsRequestOpen = false;
        }
        catch (BadRequestException exception)
        {
            if (connection.IsClosed)
                return;
            Fault = exception;
            connection.Dispose();
        }
        catch (ClientException)
        {
            // The reading side meets the same fault and reports it.
        }
    }

    private async ValueTask SendCollectedAsync(CollectedBody collected)
    {
        for (var rest = collected.Memory; rest.Length > 0;)
        {
            var count = Math.Min(rest.Length, connection.MaxPiece);
            Frame(count);
            connection.Output.Attach(rest[..count]);
            await connection.FlushAsync();
            rest = rest[count..];
        }
        for (var at = 0L; collected.File is { } file && at < collected.FileLength;)
        {
            var count = (int)Math.Min(collected.FileLength - at, Math.Min(connection.MaxPiece, 1 << 30));
            Frame(count);
            connection.Output.Attach(file, at, count);
            await connection.FlushAsync();
            at += count;
        }
    }

    private void Frame(int count)
    {
        connection.FrameBody(connection.Output.Reserve(connection.FrameLength), count);
        connection.Output.Commit(connection.FrameLength);
    }

    private async ValueTask StreamAsync()
    {
        var buffers = Reactor.Current!.Buffers;
        var buffer = buffers.Rent();
        try
        {
            // The peer may have something to say to the head alone.
            await connection.FlushAsync();
            int count;
            do
            {
                count = await exchange.ReadAsync(buffer.AsMemory(connection.FrameLength));
                if (count == 0 || connection.IsClosed)
                    return;
                connection.FrameBody(buffer, count);
                connection.Output.Attach(buffer.AsMemory(0, connection.FrameLength + count));
                await connection.FlushAsync();
            }
            while (!connection.IsClosed);
        }
        finally
        {
            buffers.Return(buffer);
        }
    }
}

namespace Gatehouse.Http.Server.Http1;

/// <summary>The reading side: the request's body and 100 (Continue).</summary>
internal sealed partial class Http1Exchange
{
    protected override bool IsBodyComplete => Body.IsComplete;

    protected override long BodyReceived => Body.Received;

    /// <summary>A wait for the body has lasted too long.</summary>
    public void OnReadTimer()
    {
        // A read and a write may wait at once and share the timer: now it is the write's alone.
        if (IsWriting)
            _connection.Arm(_connection.Limits.WriteTime);
        FailReadInTime();
    }

    protected override bool TryReadBody(Span<byte> buffer, out int count)
    {
        try
        {
            count = Body.Read(buffer, BodyLimit);
        }
        catch (BadRequestException)
        {
            // Even when the handler answers nevertheless: where the next request starts is not known.
            KeepsAlive = false;
            throw;
        }
        if (count == Http1RequestBody.WouldBlock)
            return false;
        if (Body.IsComplete)
            Request.Trailers = Body.Trailers;
        return true;
    }

    protected override void OnBodyRefused() => KeepsAlive = false;

    protected override void ArmRead() => _connection.Arm(BodyTime);

    protected override void SendContinue()
    {
        _connection.Output.Append("HTTP/1.1 100 Continue\r\n\r\n"u8);
        FlushNow();
    }
}

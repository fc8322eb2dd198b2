namespace Gatehouse.Net.Interop;

/// <summary>How one call of libssl ended.</summary>
internal enum SslStep : byte
{
    /// <summary>It did what was asked.</summary>
    Done,

    /// <summary>The carrier must be readable first.</summary>
    WantsRead,

    /// <summary>The carrier must be writable first.</summary>
    WantsWrite,

    /// <summary>The certificate for the client's hello is still being made.</summary>
    WantsCertificate,

    /// <summary>The peer has ended its side in order (close_notify).</summary>
    Ended,

    /// <summary>The carrier failed (<see cref="SslConnection.Errno"/>) or ended without close_notify (errno 0).</summary>
    CarrierFailed,

    /// <summary>The protocol failed (<see cref="SslConnection.Fault"/>).</summary>
    Failed,
}

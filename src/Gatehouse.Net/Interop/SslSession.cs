using System.Runtime.InteropServices;

namespace Gatehouse.Net.Interop;

/// <summary>An SSL_SESSION that a client keeps to resume it.</summary>
internal sealed class SslSession : SafeHandle
{
    /// <summary>Takes the session over.</summary>
    internal SslSession(nint session)
        : base(0, ownsHandle: true) => SetHandle(session);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    internal nint Pointer => handle;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibSsl.FreeSession(handle);
        return true;
    }
}

using System.Runtime.InteropServices;

namespace Gatehouse.Net.Interop;

/// <summary>The thread's queue of OpenSSL's errors.</summary>
internal static unsafe class SslErrors
{
    // ERR_GET_REASON of a number that is no system error.
    private const ulong ReasonBits = 0x7FFFFF;

    /// <summary>The text of the first error, and empties the queue.</summary>
    internal static string Take() => Take(out _);

    /// <summary>The text and the reason's number of the first error, and empties the queue.</summary>
    internal static string Take(out int reason)
    {
        var error = LibCrypto.TakeError();
        LibCrypto.ClearErrors();
        reason = (int)(error & ReasonBits);
        if (error == 0)
            return "no reason is given";
        return Marshal.PtrToStringUTF8((nint)LibCrypto.Reason(error)) ?? $"error {error:X}";
    }

    /// <summary>The text of a verification's result.</summary>
    internal static string Verification(int error) => Marshal.PtrToStringUTF8((nint)LibCrypto.VerifyErrorText(new CLong(error))) ?? $"error {error}";
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Interop;

/// <summary>Socket system calls with spans in and an <see cref="IoResult"/> or an errno out. A call that a signal interrupted is made again.</summary>
internal static unsafe class SocketCalls
{
    /// <summary>recv(2). A buffer of no bytes gives Done(0).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static IoResult Receive(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            var moved = buffer.Length <= Libc.FastBytes
                ? SystemCalls.ReceiveFast(descriptor, start, buffer.Length)
                : ReceiveLarge(descriptor, start, (nuint)buffer.Length);
            return moved > 0 ? IoResult.Done((int)moved) : ReceiveSlow(descriptor, start, buffer.Length, moved);
        }
    }

    /// <summary>recv(2) with MSG_PEEK.</summary>
    internal static IoResult Peek(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var moved = Libc.Receive(descriptor, start, (nuint)buffer.Length, SocketConstants.Peek);
                if (moved >= 0)
                    return moved > 0 ? IoResult.Done((int)moved) : IoResult.EndOfStream;
                var errno = Marshal.GetLastSystemError();
                if (errno != Errno.Interrupted)
                    return Failed(errno);
            }
        }
    }

    /// <summary>send(2) with MSG_NOSIGNAL.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static IoResult Send(int descriptor, ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            while (true)
            {
                var moved = data.Length <= Libc.FastBytes
                    ? SystemCalls.SendFast(descriptor, start, data.Length, SocketConstants.NoSignal)
                    : SendLarge(descriptor, start, (nuint)data.Length);
                if (moved >= 0)
                    return IoResult.Done((int)moved);
                var errno = Marshal.GetLastSystemError();
                if (errno != Errno.Interrupted)
                    return Failed(errno);
            }
        }
    }

    /// <summary>sendmsg(2) of two parts with MSG_NOSIGNAL.</summary>
    internal static IoResult Send(int descriptor, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        fixed (byte* firstStart = first, secondStart = second)
        {
            var vectors = stackalloc Libc.IoVector[2];
            vectors[0] = new Libc.IoVector { Base = firstStart, Length = (nuint)first.Length };
            vectors[1] = new Libc.IoVector { Base = secondStart, Length = (nuint)second.Length };
            var message = new Libc.MessageHeader { Vectors = vectors, VectorCount = 2 };
            while (true)
            {
                var moved = (long)first.Length + second.Length <= Libc.FastBytes
                    ? Libc.SendMessageFast(descriptor, &message, SocketConstants.NoSignal)
                    : SendMessageLarge(descriptor, &message);
                if (moved >= 0)
                    return IoResult.Done((int)moved);
                var errno = Marshal.GetLastSystemError();
                if (errno != Errno.Interrupted)
                    return Failed(errno);
            }
        }
    }

    // The calls with a mode switch stand in methods of their own: a method that holds one sets a frame up for it at its start, whichever way it goes.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint ReceiveLarge(int descriptor, byte* start, nuint length) => Libc.Receive(descriptor, start, length, 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint SendLarge(int descriptor, byte* start, nuint length) => Libc.Send(descriptor, start, length, SocketConstants.NoSignal);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint SendMessageLarge(int descriptor, Libc.MessageHeader* message) => Libc.SendMessage(descriptor, message, SocketConstants.NoSignal);

    /// <summary>sendfile(2); Done(0) when the file ends at or before <paramref name="offset"/>.</summary>
    internal static IoResult SendFile(int descriptor, int file, long offset, long count)
    {
        while (true)
        {
            var moved = Libc.SendFile(descriptor, file, &offset, (nuint)Math.Min(count, int.MaxValue & ~0xFFF));
            if (moved >= 0)
                return IoResult.Done((int)moved);
            var errno = Marshal.GetLastSystemError();
            if (errno != Errno.Interrupted)
                return Failed(errno);
        }
    }

    /// <summary>
    /// accept4(2), non-blocking and close-on-exec: the new descriptor, or the negated errno. <paramref name="peer"/> is not set for a Unix socket.
    /// </summary>
    internal static int Accept(int descriptor, out Endpoint peer)
    {
        var address = stackalloc byte[SocketAddress.MaxBytes];
        uint length = SocketAddress.MaxBytes;
        var accepted = Libc.Accept(descriptor, address, &length, SocketConstants.NonBlocking | SocketConstants.CloseOnExec);
        if (accepted < 0)
        {
            peer = default;
            return -Marshal.GetLastSystemError();
        }

        peer = SocketAddress.Read(new ReadOnlySpan<byte>(address, (int)Math.Min(length, SocketAddress.MaxBytes)));
        return accepted;
    }

    /// <summary>socket(2), non-blocking and close-on-exec: the descriptor, or the negated errno.</summary>
    internal static int Open(int family, int type)
    {
        var descriptor = Libc.Socket(family, type | SocketConstants.NonBlocking | SocketConstants.CloseOnExec, 0);
        return descriptor >= 0 ? descriptor : -Marshal.GetLastSystemError();
    }

    /// <summary>bind(2): 0 or the errno.</summary>
    internal static int Bind(int descriptor, in Endpoint endpoint)
    {
        var address = stackalloc byte[SocketAddress.MaxBytes];
        var length = SocketAddress.Write(endpoint, new Span<byte>(address, SocketAddress.MaxBytes));
        return Libc.Bind(descriptor, address, (uint)length) == 0 ? 0 : Marshal.GetLastSystemError();
    }

    /// <summary>connect(2): 0 or the errno. A signal lets the attempt go on (EINTR is EINPROGRESS here).</summary>
    internal static int Connect(int descriptor, in Endpoint endpoint)
    {
        var address = stackalloc byte[SocketAddress.MaxBytes];
        var length = SocketAddress.Write(endpoint, new Span<byte>(address, SocketAddress.MaxBytes));
        if (Libc.Connect(descriptor, address, (uint)length) == 0)
            return 0;
        var errno = Marshal.GetLastSystemError();
        return errno == Errno.Interrupted ? Errno.InProgress : errno;
    }

    /// <summary>listen(2): 0 or the errno.</summary>
    internal static int Listen(int descriptor, int backlog) => Libc.Listen(descriptor, backlog) == 0 ? 0 : Marshal.GetLastSystemError();

    /// <summary>shutdown(2) of the sending side.</summary>
    internal static void ShutdownWrite(int descriptor) => _ = Libc.Shutdown(descriptor, SocketConstants.ShutWrite);

    /// <summary>close(2). Never made again after EINTR: on Linux the descriptor is gone all the same.</summary>
    internal static void Close(int descriptor) => _ = Libc.Close(descriptor);

    /// <summary>setsockopt(2) of an int: 0 or the errno.</summary>
    internal static int SetOption(int descriptor, int level, int name, int value) =>
        Libc.SetSocketOption(descriptor, level, name, &value, sizeof(int)) == 0 ? 0 : Marshal.GetLastSystemError();

    /// <summary>SO_LINGER with no time: close(2) then resets the peer.</summary>
    internal static void ResetOnClose(int descriptor)
    {
        var linger = stackalloc int[2] { 1, 0 };
        _ = Libc.SetSocketOption(descriptor, SocketConstants.LevelSocket, SocketConstants.Linger, linger, 2 * sizeof(int));
    }

    /// <summary>SO_ERROR, which the kernel forgets when it is read; 0 when there is none.</summary>
    internal static int TakeError(int descriptor)
    {
        var value = 0;
        uint length = sizeof(int);
        var status = Libc.GetSocketOption(descriptor, SocketConstants.LevelSocket, SocketConstants.Error, &value, &length);
        return status == 0 ? value : Marshal.GetLastSystemError();
    }

    /// <summary>getsockname(2); the default endpoint when the socket has none.</summary>
    internal static Endpoint LocalEndpoint(int descriptor)
    {
        var address = stackalloc byte[SocketAddress.MaxBytes];
        uint length = SocketAddress.MaxBytes;
        return Libc.GetSocketName(descriptor, address, &length) == 0
            ? SocketAddress.Read(new ReadOnlySpan<byte>(address, (int)Math.Min(length, SocketAddress.MaxBytes)))
            : default;
    }

    /// <summary>fchmod(2); on a Unix socket before bind(2) it is the mode that its file gets, less the umask.</summary>
    internal static void ChangeMode(int descriptor, UnixFileMode mode) => _ = Libc.ChangeMode(descriptor, (uint)mode);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IoResult ReceiveSlow(int descriptor, byte* start, int length, nint moved)
    {
        while (true)
        {
            if (moved > 0)
                return IoResult.Done((int)moved);
            if (moved == 0)
                return length == 0 ? IoResult.Done(0) : IoResult.EndOfStream;
            var errno = Marshal.GetLastSystemError();
            if (errno != Errno.Interrupted)
                return Failed(errno);
            moved = Libc.Receive(descriptor, start, (nuint)length, 0);
        }
    }

    private static IoResult Failed(int errno) => errno == Errno.Again ? IoResult.WouldBlock : IoResult.Failure(errno);
}

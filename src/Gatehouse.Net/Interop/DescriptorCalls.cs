using System.Runtime.InteropServices;
using Gatehouse.Net.Transports;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Interop;

/// <summary>Pipes, pairs of Unix sockets, and messages over those that carry a descriptor (SCM_RIGHTS of unix(7)).</summary>
internal static unsafe class DescriptorCalls
{
    internal const int Stream = 1;
    internal const int SequencedPackets = 5;

    private const int GetFlags = 3;
    private const int SetFlags = 4;
    private const int CloseOnExecReceived = 0x40000000;
    private const int LevelSocket = 1;
    private const int Rights = 1;

    // CMSG_SPACE(sizeof(int)) and CMSG_LEN(sizeof(int)) of 64-bit Linux.
    private const int ControlSpace = 24;
    private const int ControlLength = 20;

    /// <summary>pipe2(2), close-on-exec: 0 or the errno. Both ends block.</summary>
    internal static int OpenPipe(out int reader, out int writer)
    {
        var ends = stackalloc int[2];
        var status = LibcProcesses.Pipe(ends, SocketConstants.CloseOnExec);
        (reader, writer) = (ends[0], ends[1]);
        return status == 0 ? 0 : Marshal.GetLastSystemError();
    }

    /// <summary>socketpair(2) of Unix sockets, close-on-exec: 0 or the errno. Both ends block.</summary>
    internal static int OpenPair(int type, out int first, out int second)
    {
        var ends = stackalloc int[2];
        var status = LibcProcesses.SocketPair(SocketConstants.FamilyUnix, type | SocketConstants.CloseOnExec, 0, ends);
        (first, second) = (ends[0], ends[1]);
        return status == 0 ? 0 : Marshal.GetLastSystemError();
    }

    /// <summary>O_NONBLOCK of this end; a pair's other end and a pipe's other end have flags of their own.</summary>
    internal static void SetNonBlocking(int descriptor)
    {
        var flags = LibcProcesses.Control(descriptor, GetFlags, 0);
        _ = LibcProcesses.Control(descriptor, SetFlags, flags | SocketConstants.NonBlocking);
    }

    /// <summary>read(2).</summary>
    internal static IoResult Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var moved = LibcProcesses.Read(descriptor, start, (nuint)buffer.Length);
                if (moved > 0)
                    return IoResult.Done((int)moved);
                if (moved == 0)
                    return buffer.IsEmpty ? IoResult.Done(0) : IoResult.EndOfStream;
                var errno = Marshal.GetLastSystemError();
                if (errno != Errno.Interrupted)
                    return errno == Errno.Again ? IoResult.WouldBlock : IoResult.Failure(errno);
            }
        }
    }

    /// <summary>write(2).</summary>
    internal static IoResult Write(int descriptor, ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            while (true)
            {
                var moved = Libc.Write(descriptor, start, (nuint)data.Length);
                if (moved >= 0)
                    return IoResult.Done((int)moved);
                var errno = Marshal.GetLastSystemError();
                if (errno != Errno.Interrupted)
                    return errno == Errno.Again ? IoResult.WouldBlock : IoResult.Failure(errno);
            }
        }
    }

    /// <summary>sendmsg(2) of two parts and up to two descriptors, without waiting.</summary>
    internal static IoResult Send(int descriptor, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, SafeFileHandle? passed, SafeFileHandle? alsoPassed)
    {
        var control = stackalloc byte[ControlSpace];
        fixed (byte* firstStart = first, secondStart = second)
        {
            var vectors = stackalloc Libc.IoVector[2];
            vectors[0] = new Libc.IoVector { Base = firstStart, Length = (nuint)first.Length };
            vectors[1] = new Libc.IoVector { Base = secondStart, Length = (nuint)second.Length };
            var message = new Libc.MessageHeader { Vectors = vectors, VectorCount = second.IsEmpty ? 1u : 2u };
            if (passed is not null)
            {
                *(nuint*)control = ControlLength;
                *(int*)(control + 8) = LevelSocket;
                *(int*)(control + 12) = Rights;
                *(int*)(control + 16) = (int)passed.DangerousGetHandle();
                if (alsoPassed is not null)
                {
                    *(nuint*)control = ControlLength + sizeof(int);
                    *(int*)(control + 20) = (int)alsoPassed.DangerousGetHandle();
                }

                message.Control = control;
                message.ControlLength = ControlSpace;
            }

            const int Flags = SocketConstants.DontWait | SocketConstants.NoSignal;
            while (true)
            {
                var moved = first.Length + second.Length <= Libc.FastBytes && passed is null
                    ? Libc.SendMessageFast(descriptor, &message, Flags)
                    : Libc.SendMessage(descriptor, &message, Flags);
                GC.KeepAlive(passed);
                GC.KeepAlive(alsoPassed);
                if (moved >= 0)
                    return IoResult.Done((int)moved);
                var errno = Marshal.GetLastSystemError();
                if (errno != Errno.Interrupted)
                    return errno == Errno.Again ? IoResult.WouldBlock : IoResult.Failure(errno);
            }
        }
    }

    /// <summary>recvmsg(2) without waiting; a descriptor that came with the bytes is the caller's. A message that is longer than the buffer is cut.</summary>
    internal static IoResult Receive(int descriptor, Span<byte> buffer, out SafeFileHandle? passed)
    {
        var control = stackalloc byte[ControlSpace];
        passed = null;
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var vector = new Libc.IoVector { Base = start, Length = (nuint)buffer.Length };
                var message = new Libc.MessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = ControlSpace };
                const int Flags = SocketConstants.DontWait | CloseOnExecReceived;
                var moved = buffer.Length <= Libc.FastBytes
                    ? LibcProcesses.ReceiveMessageFast(descriptor, &message, Flags)
                    : LibcProcesses.ReceiveMessage(descriptor, &message, Flags);
                if (moved < 0)
                {
                    var errno = Marshal.GetLastSystemError();
                    if (errno == Errno.Interrupted)
                        continue;
                    return errno == Errno.Again ? IoResult.WouldBlock : IoResult.Failure(errno);
                }

                if (message.ControlLength >= ControlLength)
                    passed = Take(control, message.ControlLength);
                return moved > 0 ? IoResult.Done((int)moved) : IoResult.EndOfStream;
            }
        }
    }

    private static SafeFileHandle? Take(byte* control, nuint length)
    {
        if (*(int*)(control + 8) != LevelSocket || *(int*)(control + 12) != Rights)
            return null;

        // Room is for two at the most; nobody is expected to send a second, and it must not stay open.
        if (*(nuint*)control >= ControlLength + sizeof(int) && length >= ControlLength + sizeof(int))
            SocketCalls.Close(*(int*)(control + 20));
        return new SafeFileHandle(*(int*)(control + 16), ownsHandle: true);
    }
}

using System.Runtime.InteropServices;
using System.Text;
using Gatehouse.Net.Processes;

namespace Gatehouse.Net.Interop;

/// <summary>Starting, watching and signalling of processes. A process that runs threads must not fork; posix_spawn(3) runs no code of ours in the child.</summary>
internal static unsafe class ProcessCalls
{
    // glibc: 336, 80 and 128 bytes; musl: less.
    private const int AttributeBytes = 512;
    private const int ActionBytes = 256;
    private const int SignalSetBytes = 128;
    private const int InformationBytes = 128;

    private const short SetGroup = 0x02;
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;

    private const int PidDescriptorOpen = 434;
    private const int PidDescriptorSignal = 424;
    private const int WaitByPidDescriptor = 3;
    private const int WaitExited = 4;
    private const int WaitNoHang = 1;
    private const int CodeExited = 1;

    private const int DuplicateAbove = 1030; // F_DUPFD_CLOEXEC
    private const int LimitDescriptors = 7;  // RLIMIT_NOFILE

    // What Linux gives a process that nobody gave more. The runtime raises this process's soft limit to the hard one before any code of ours runs, and the
    // value before is gone; programs that use select(2) break above 1024, and one that needs more may raise its own up to the hard limit, which it keeps.
    private const ulong UsualDescriptors = 1024;

    private static bool _cannotCloseFrom;

    /// <summary>
    /// posix_spawn(3): the new process's id, or the negated errno. The child leads a process group, has default signals, an empty mask and the descriptors
    /// given, numbered from 0, and no other.
    /// </summary>
    internal static int Spawn(string program, ArgumentBlock arguments, ArgumentBlock environment, string? folder, ReadOnlySpan<int> descriptors)
    {
        var attributes = stackalloc byte[AttributeBytes];
        var actions = stackalloc byte[ActionBytes];
        var errno = LibcProcesses.AttributesInit(attributes);
        if (errno != 0)
            return -errno;
        errno = LibcProcesses.ActionsInit(actions);
        if (errno != 0)
        {
            _ = LibcProcesses.AttributesDestroy(attributes);
            return -errno;
        }

        // A number that is a target too is moved out of the way first, or a descriptor would be overwritten before it has been copied.
        var moved = stackalloc int[descriptors.Length];
        var movedCount = 0;
        try
        {
            SetSignals(attributes);
            for (; movedCount < descriptors.Length; movedCount++)
            {
                moved[movedCount] = LibcProcesses.Control(descriptors[movedCount], DuplicateAbove, Math.Max(descriptors.Length, 3));
                if (moved[movedCount] < 0)
                    return -Marshal.GetLastSystemError();
                errno = LibcProcesses.ActionsAddDuplicate(actions, moved[movedCount], movedCount);
                if (errno != 0)
                    return -errno;
            }

            AddCloseFrom(actions, descriptors.Length);
            fixed (byte* folderStart = folder is null ? null : Encoding.UTF8.GetBytes(folder + '\0'), programStart = Encoding.UTF8.GetBytes(program + '\0'))
            {
                if (folderStart != null && (errno = LibcProcesses.ActionsAddChangeFolder(actions, folderStart)) != 0)
                    return -errno;
                return Spawn(programStart, arguments, environment, actions, attributes);
            }
        }
        finally
        {
            for (var i = 0; i < movedCount; i++)
                SocketCalls.Close(moved[i]);
            _ = LibcProcesses.ActionsDestroy(actions);
            _ = LibcProcesses.AttributesDestroy(attributes);
        }
    }

    /// <summary>pidfd_open(2), close-on-exec: the descriptor, which is readable once the process has ended, or the negated errno.</summary>
    internal static int OpenPid(int process)
    {
        var descriptor = LibcProcesses.SystemCall(PidDescriptorOpen, process, 0, 0, 0);
        return descriptor >= 0 ? (int)descriptor : -Marshal.GetLastSystemError();
    }

    /// <summary>pidfd_send_signal(2): reaches this process or nobody, however often its number was given out again. 0 or the errno.</summary>
    internal static int Signal(int pidDescriptor, int signal) =>
        LibcProcesses.SystemCall(PidDescriptorSignal, pidDescriptor, signal, 0, 0) == 0 ? 0 : Marshal.GetLastSystemError();

    /// <summary>kill(2) of a process group: 0 or the errno.</summary>
    internal static int SignalGroup(int group, int signal) => LibcProcesses.Kill(-group, signal) == 0 ? 0 : Marshal.GetLastSystemError();

    /// <summary>waitid(2) of a child by its pidfd, without waiting: false while it runs. A child that someone else has waited for has an unknown status.</summary>
    internal static bool TryReap(int pidDescriptor, out ExitStatus status)
    {
        status = default;
        var information = stackalloc byte[InformationBytes];
        new Span<byte>(information, InformationBytes).Clear();
        if (LibcProcesses.Wait(WaitByPidDescriptor, pidDescriptor, information, WaitExited | WaitNoHang) != 0)
            return Marshal.GetLastSystemError() != Errno.Interrupted;
        if (*(int*)(information + 16) == 0)
            return false;
        var value = *(int*)(information + 24);
        status = *(int*)(information + 8) == CodeExited ? ExitStatus.OfCode(value) : ExitStatus.OfSignal(value);
        return true;
    }

    private static int Spawn(byte* program, ArgumentBlock arguments, ArgumentBlock environment, void* actions, void* attributes)
    {
        fixed (byte* argumentBytes = arguments.Bytes, environmentBytes = environment.Bytes)
        {
            var pointers = (byte**)NativeMemory.Alloc((nuint)(arguments.Count + environment.Count + 2), (nuint)sizeof(byte*));
            try
            {
                Point(pointers, arguments, argumentBytes);
                Point(pointers + arguments.Count + 1, environment, environmentBytes);
                var process = 0;
                var errno = LibcProcesses.Spawn(&process, program, actions, attributes, pointers, pointers + arguments.Count + 1);
                if (errno != 0)
                    return -errno;
                RestoreDescriptorLimit(process);
                return process;
            }
            finally
            {
                NativeMemory.Free(pointers);
            }
        }
    }

    private static void Point(byte** pointers, ArgumentBlock block, byte* bytes)
    {
        for (var i = 0; i < block.Count; i++)
            pointers[i] = bytes + block.Starts[i];
        pointers[block.Count] = null;
    }

    private static void SetSignals(void* attributes)
    {
        const int Kill = 9;
        const int Stop = 19;
        var signals = stackalloc byte[SignalSetBytes];
        new Span<byte>(signals, SignalSetBytes).Clear();
        _ = LibcProcesses.AttributesSetMask(attributes, signals);
        for (var signal = 1; signal <= 64; signal++)
        {
            if (signal is not (Kill or Stop))
                signals[(signal - 1) / 8] |= (byte)(1 << ((signal - 1) % 8));
        }

        _ = LibcProcesses.AttributesSetDefaults(attributes, signals);
        _ = LibcProcesses.AttributesSetGroup(attributes, 0);
        _ = LibcProcesses.AttributesSetFlags(attributes, SetGroup | SetSignalDefaults | SetSignalMask);
    }

    // Everything that this process opens is close-on-exec; this is for what it was itself started with. glibc has it since 2.34, musl not at all.
    private static void AddCloseFrom(void* actions, int first)
    {
        if (_cannotCloseFrom)
            return;
        try
        {
            _ = LibcProcesses.ActionsAddCloseFrom(actions, first);
        }
        catch (EntryPointNotFoundException)
        {
            _cannotCloseFrom = true;
        }
    }

    private static void RestoreDescriptorLimit(int process)
    {
        LibcProcesses.ResourceLimit limit;
        if (LibcProcesses.Limit(0, LimitDescriptors, null, &limit) != 0 || limit.Soft <= UsualDescriptors)
            return;
        limit.Soft = UsualDescriptors;
        _ = LibcProcesses.Limit(process, LimitDescriptors, &limit, null);
    }
}

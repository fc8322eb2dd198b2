using Gatehouse.Net.Interop;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Processes;

/// <summary>
/// Pipes to and from a process: this side's end is a transport on a reactor, the other a descriptor to start the process with. Unlike a socket, a pipe can be
/// opened again by its name in /dev/fd, as shell scripts do with /dev/stderr.
/// </summary>
public static class ProcessPipe
{
    /// <summary>A pipe that the process writes and this side reads.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">No descriptors are left.</exception>
    public static Transport OpenReader(Reactor reactor, out SafeFileHandle other)
    {
        var (reader, writer) = Open();
        other = new SafeFileHandle(writer, ownsHandle: true);
        return new PipeTransport(reactor, reader, isReader: true);
    }

    /// <summary>A pipe that this side writes and the process reads.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">No descriptors are left.</exception>
    public static Transport OpenWriter(Reactor reactor, out SafeFileHandle other)
    {
        var (reader, writer) = Open();
        other = new SafeFileHandle(reader, ownsHandle: true);
        return new PipeTransport(reactor, writer, isReader: false);
    }

    private static (int Reader, int Writer) Open()
    {
        var errno = DescriptorCalls.OpenPipe(out var reader, out var writer);
        return errno == 0 ? (reader, writer) : throw Errno.ToException(errno, "Cannot make a pipe");
    }
}

using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Gatehouse.Net;

/// <summary>The error numbers of Linux that this library meets (errno(3), asm-generic), and their text.</summary>
public static class Errno
{
    /// <summary>EPERM: operation not permitted.</summary>
    public const int NotPermitted = 1;

    /// <summary>ENOENT: no such file or directory.</summary>
    public const int NoEntry = 2;

    /// <summary>EINTR: interrupted by a signal.</summary>
    public const int Interrupted = 4;

    /// <summary>EIO: a device failed; also what sending a file reports that has become shorter than was announced.</summary>
    public const int InputOutput = 5;

    /// <summary>ENXIO: no such device or address; what opening a Unix socket's file gives (open(2)).</summary>
    public const int NoDevice = 6;

    /// <summary>EBADF: bad file descriptor; also what operations on a closed transport report.</summary>
    public const int BadDescriptor = 9;

    /// <summary>EAGAIN: would block. As the end of a connect to a Unix socket: its accept queue is full.</summary>
    public const int Again = 11;

    /// <summary>ENOMEM: out of memory.</summary>
    public const int NoMemory = 12;

    /// <summary>EACCES: permission denied.</summary>
    public const int AccessDenied = 13;

    /// <summary>EEXIST: file exists.</summary>
    public const int Exists = 17;

    /// <summary>EXDEV: the path leads out of its root (openat2(2)).</summary>
    public const int CrossDevice = 18;

    /// <summary>ENOTDIR: not a directory.</summary>
    public const int NotDirectory = 20;

    /// <summary>EINVAL: invalid argument.</summary>
    public const int Invalid = 22;

    /// <summary>ENFILE: too many open files in the system.</summary>
    public const int SystemFilesExhausted = 23;

    /// <summary>EMFILE: too many open files in the process (RLIMIT_NOFILE).</summary>
    public const int FilesExhausted = 24;

    /// <summary>EPIPE: the peer no longer reads.</summary>
    public const int BrokenPipe = 32;

    /// <summary>ENAMETOOLONG: file name too long.</summary>
    public const int NameTooLong = 36;

    /// <summary>ENOSYS: the kernel lacks this call.</summary>
    public const int NotImplemented = 38;

    /// <summary>ELOOP: too many symbolic links, or one where none is allowed.</summary>
    public const int Loop = 40;

    /// <summary>EPROTO: the peer broke the protocol of the connection (TLS); <see cref="Transports.Transport.Fault"/> says how.</summary>
    public const int Protocol = 71;

    /// <summary>EMSGSIZE: the datagram is longer than the path or the buffer allows.</summary>
    public const int MessageTooLong = 90;

    /// <summary>EOPNOTSUPP: not supported by this socket or file system.</summary>
    public const int NotSupported = 95;

    /// <summary>EAFNOSUPPORT: address family not supported.</summary>
    public const int FamilyNotSupported = 97;

    /// <summary>EADDRINUSE: address already in use.</summary>
    public const int AddressInUse = 98;

    /// <summary>EADDRNOTAVAIL: not an address of this machine.</summary>
    public const int AddressNotAvailable = 99;

    /// <summary>ENETUNREACH: network is unreachable.</summary>
    public const int NetworkUnreachable = 101;

    /// <summary>ECONNABORTED: connection aborted before it was accepted.</summary>
    public const int ConnectionAborted = 103;

    /// <summary>ECONNRESET: connection reset by the peer.</summary>
    public const int ConnectionReset = 104;

    /// <summary>ENOBUFS: the kernel has no buffer space.</summary>
    public const int NoBuffers = 105;

    /// <summary>ENOTCONN: not connected.</summary>
    public const int NotConnected = 107;

    /// <summary>ESHUTDOWN: written to after the end was sent.</summary>
    public const int AfterShutdown = 108;

    /// <summary>ETIMEDOUT: timed out.</summary>
    public const int TimedOut = 110;

    /// <summary>ECONNREFUSED: nobody listens there.</summary>
    public const int ConnectionRefused = 111;

    /// <summary>EHOSTUNREACH: no route to the host.</summary>
    public const int HostUnreachable = 113;

    /// <summary>EINPROGRESS: the connection attempt goes on.</summary>
    public const int InProgress = 115;

    /// <summary>ECANCELED: the reactor that owned it has ended.</summary>
    public const int Canceled = 125;

    /// <summary>The system's text for an error number, followed by the number.</summary>
    public static string Describe(int errno) => $"{Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})";

    /// <summary>
    /// A <see cref="SocketException"/> with the matching <see cref="SocketError"/> and a message that starts with <paramref name="what"/> was tried.
    /// </summary>
    public static SocketException ToException(int errno, string what) => new((int)ToSocketError(errno), $"{what}: {Describe(errno)}");

    private static SocketError ToSocketError(int errno) => errno switch
    {
        NotPermitted or AccessDenied => SocketError.AccessDenied,
        Again => SocketError.WouldBlock,
        BadDescriptor => SocketError.OperationAborted,
        NoMemory or NoBuffers => SocketError.NoBufferSpaceAvailable,
        Invalid => SocketError.InvalidArgument,
        SystemFilesExhausted or FilesExhausted => SocketError.TooManyOpenSockets,
        BrokenPipe or AfterShutdown => SocketError.Shutdown,
        MessageTooLong => SocketError.MessageSize,
        FamilyNotSupported => SocketError.AddressFamilyNotSupported,
        AddressInUse => SocketError.AddressAlreadyInUse,
        NoEntry or NotDirectory or AddressNotAvailable => SocketError.AddressNotAvailable,
        NetworkUnreachable => SocketError.NetworkUnreachable,
        ConnectionAborted => SocketError.ConnectionAborted,
        ConnectionReset => SocketError.ConnectionReset,
        NotConnected => SocketError.NotConnected,
        TimedOut => SocketError.TimedOut,
        ConnectionRefused => SocketError.ConnectionRefused,
        HostUnreachable => SocketError.HostUnreachable,
        Canceled => SocketError.OperationAborted,
        _ => SocketError.SocketError,
    };
}

namespace Gatehouse.Net.Interop;

/// <summary>Numbers of Linux's socket interface; x86-64 and arm64 share them.</summary>
internal static class SocketConstants
{
    internal const int FamilyUnix = 1;
    internal const int FamilyV4 = 2;
    internal const int FamilyV6 = 10;

    internal const int Stream = 1;
    internal const int Datagram = 2;
    internal const int NonBlocking = 0x800;
    internal const int CloseOnExec = 0x80000;

    internal const int LevelSocket = 1;
    internal const int ReuseAddress = 2;
    internal const int Error = 4;
    internal const int SendBuffer = 7;
    internal const int ReceiveBuffer = 8;
    internal const int Linger = 13;
    internal const int ReusePort = 15;

    internal const int LevelTcp = 6;
    internal const int TcpNoDelay = 1;
    internal const int TcpDeferAccept = 9;

    internal const int LevelV6 = 41;
    internal const int V6Only = 26;

    internal const int Peek = 0x2;
    internal const int NoSignal = 0x4000;
    internal const int DontWait = 0x40;
    internal const int Truncated = 0x20;

    internal const int ShutWrite = 1;
}

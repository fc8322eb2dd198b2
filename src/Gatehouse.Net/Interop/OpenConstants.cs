using System.Runtime.InteropServices;

namespace Gatehouse.Net.Interop;

/// <summary>Numbers of open(2), openat2(2) and statx(2). O_DIRECTORY and O_NOFOLLOW differ between x86-64 and arm64.</summary>
internal static class OpenConstants
{
    internal const int ReadOnly = 0;
    internal const int WriteOnly = 1;
    internal const int Create = 0x40;
    internal const int NoControllingTerminal = 0x100;
    internal const int Append = 0x400;
    internal const int NonBlocking = 0x800;
    internal const int CloseOnExec = 0x80000;
    internal const int PathOnly = 0x200000;

    internal const ulong ResolveNoMagicLinks = 0x02;
    internal const ulong ResolveBeneath = 0x08;

    internal const int CurrentFolder = -100;
    internal const int SymlinkNoFollow = 0x100;
    internal const int EmptyPath = 0x1000;

    internal const int AnyExecute = 0x49;
    internal const int TypeMask = 0xF000;
    internal const int TypeFolder = 0x4000;
    internal const int TypeRegular = 0x8000;
    internal const int TypeSymlink = 0xA000;
    internal const int TypeSocket = 0xC000;

    internal static readonly int Folder = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;
    internal static readonly int NoFollow = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;
}

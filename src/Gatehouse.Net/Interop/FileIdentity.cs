namespace Gatehouse.Net.Interop;

/// <summary>What makes a file the same file: device and inode.</summary>
internal readonly record struct FileIdentity(ulong Device, ulong Inode);

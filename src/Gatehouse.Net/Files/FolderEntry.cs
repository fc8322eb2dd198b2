namespace Gatehouse.Net.Files;

/// <summary>One name in a folder.</summary>
/// <param name="Name">Its bytes, as a rule UTF-8; the kernel does not care.</param>
/// <param name="Facts">What it stands for; a link that stays inside the root was followed.</param>
public readonly record struct FolderEntry(ReadOnlyMemory<byte> Name, FileFacts Facts);

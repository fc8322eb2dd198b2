using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gatehouse.Edge.Files;

/// <summary>One reactor's open files by path: a hit makes no string and takes no lock. Bounded; what was not used since the hand last passed leaves first.</summary>
internal sealed class FileCache
{
    // Descriptors are the scarce thing: the usual limit is 1,024, which the runtime raises to the hard limit. nginx's examples have 1,000 to 10,000.
    private const int Capacity = 2048;

    private readonly Dictionary<byte[], FileEntry> _entries = new(PathComparer.Instance);
    private readonly Dictionary<byte[], FileEntry>.AlternateLookup<ReadOnlySpan<byte>> _byPath;
    private readonly byte[]?[] _ring = new byte[]?[Capacity];
    private int _hand;

    public FileCache() => _byPath = _entries.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>The entry of a path.</summary>
    public bool TryGet(ReadOnlySpan<byte> path, [MaybeNullWhen(false)] out FileEntry entry)
    {
        if (!_byPath.TryGetValue(path, out entry))
            return false;
        entry.IsUsed = true;
        return true;
    }

    /// <summary>Adds or replaces the entry of a path.</summary>
    public void Set(byte[] path, FileEntry entry)
    {
        if (_entries.TryGetValue(path, out var before))
        {
            before.Retire();
            _entries[path] = entry;
            return;
        }
        var slot = FreeSlot();
        _ring[slot] = path;
        _entries.Add(path, entry);
    }

    /// <summary>Forgets a path.</summary>
    public void Remove(ReadOnlySpan<byte> path)
    {
        if (!_byPath.Remove(path, out var key, out var entry))
            return;
        entry.Retire();
        var slot = Array.IndexOf(_ring, key);
        if (slot >= 0)
            _ring[slot] = null;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        foreach (var entry in _entries.Values)
            entry.Retire();
        _entries.Clear();
        Array.Clear(_ring);
    }

    // The clock algorithm: an entry that was used since the hand last passed gets another round.
    private int FreeSlot()
    {
        while (true)
        {
            _hand = (_hand + 1) % Capacity;
            if (_ring[_hand] is not { } path)
                return _hand;
            var entry = _entries[path];
            if (entry.IsUsed)
            {
                entry.IsUsed = false;
                continue;
            }
            _entries.Remove(path);
            entry.Retire();
            return _hand;
        }
    }

    private sealed class PathComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static PathComparer Instance { get; } = new();

        // Clients choose the paths: the seed keeps them from choosing which collide.
        private static readonly ulong Seed = MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(8));

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] path) => GetHashCode(path.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = Seed ^ (ulong)alternate.Length;
            while (alternate.Length >= 8)
            {
                hash = Mix(hash ^ MemoryMarshal.Read<ulong>(alternate));
                alternate = alternate[8..];
            }
            var rest = 0UL;
            foreach (var b in alternate)
                rest = (rest << 8) | b;
            hash = Mix(hash ^ rest);
            return (int)(hash ^ (hash >> 32));
        }

        private static ulong Mix(ulong value) => BitOperations.RotateLeft(value * 0x9E3779B97F4A7C15, 31) * 0xBF58476D1CE4E5B9;
    }
}

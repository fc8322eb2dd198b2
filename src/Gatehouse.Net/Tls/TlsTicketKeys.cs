using System.Buffers.Binary;
using System.Security.Cryptography;
using Gatehouse.Net.Interop;

namespace Gatehouse.Net.Tls;

/// <summary>
/// The keys of session tickets, shared by all reactors. The newest seals; older ones still open for a while, and a client that comes with their ticket gets
/// a new one. Whoever has a key can read sessions of TLS 1.2 that were sealed with it, so keys do not live long, and a store must be for its owner's eyes only.
/// </summary>
public sealed class TlsTicketKeys
{
    // With a rotation every 4 hours a ticket opens for 12 to 16 hours.
    private const int Kept = 4;

    private readonly Lock _rotation = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _period;
    private readonly ITicketKeyStore? _store;
    private byte[] _keys;
    private SslTicketKeys _current;
    private long _rotatedAt;

    /// <summary>
    /// Random keys, replaced every <paramref name="period"/> (4 hours when null); or those that <paramref name="store"/> has kept, as far as they are not too old.
    /// </summary>
    public TlsTicketKeys(TimeSpan? period = null, TimeProvider? time = null, ITicketKeyStore? store = null)
    {
        _store = store;
        _time = time ?? TimeProvider.System;
        _period = period ?? TimeSpan.FromHours(4);
        if (!TryLoad(out _keys, out var age))
            _keys = RandomNumberGenerator.GetBytes(SslTicketKeys.KeyBytes);
        _current = new SslTicketKeys(_keys);
        _rotatedAt = _time.GetTimestamp() - (long)(age.TotalSeconds * _time.TimestampFrequency);
        if (age == default)
            Save();
    }

    /// <summary>Makes a new key that seals from now on. Happens by itself when the period is over.</summary>
    public void Rotate()
    {
        lock (_rotation)
        {
            byte[] keys = [.. RandomNumberGenerator.GetBytes(SslTicketKeys.KeyBytes), .. _keys.AsSpan(0, Math.Min(_keys.Length, (Kept - 1) * SslTicketKeys.KeyBytes))];
            CryptographicOperations.ZeroMemory(_keys);
            _keys = keys;
            Volatile.Write(ref _current, new SslTicketKeys(keys));
            Volatile.Write(ref _rotatedAt, _time.GetTimestamp());
            Save();
        }
    }

    /// <summary>The keys in force now.</summary>
    internal SslTicketKeys Current()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _rotatedAt)) >= _period)
            RotateIfDue();
        return Volatile.Read(ref _current);
    }

    // Kept as the second of the last rotation and the keys behind it.
    private void Save()
    {
        if (_store is null)
            return;
        var content = new byte[sizeof(long) + _keys.Length];
        BinaryPrimitives.WriteInt64BigEndian(content, _time.GetUtcNow().ToUnixTimeSeconds());
        _keys.CopyTo(content.AsSpan(sizeof(long)));
        _store.Save(content);
    }

    // False for none, for what is no such file, and for keys that no ticket of today was sealed with.
    private bool TryLoad(out byte[] keys, out TimeSpan age)
    {
        (keys, age) = ([], default);
        if (_store?.Load() is not { Length: > sizeof(long) } content)
            return false;
        keys = content[sizeof(long)..];
        if (keys.Length % SslTicketKeys.KeyBytes != 0 || keys.Length > Kept * SslTicketKeys.KeyBytes)
            return false;
        age = TimeSpan.FromSeconds(_time.GetUtcNow().ToUnixTimeSeconds() - BinaryPrimitives.ReadInt64BigEndian(content));
        if (age >= TimeSpan.Zero && age < Kept * _period)
            return true;
        age = default;
        return false;
    }

    private void RotateIfDue()
    {
        lock (_rotation)
        {
            // After a long silence the keys in between were never used: each rotation that was missed drops one that is too old.
            for (var missed = (int)Math.Min(Kept, _time.GetElapsedTime(_rotatedAt) / _period); missed > 0; missed--)
                Rotate();
        }
    }
}

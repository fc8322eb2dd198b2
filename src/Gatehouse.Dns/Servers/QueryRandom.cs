namespace Gatehouse.Dns.Servers;

/// <summary>
/// Random numbers that nobody can foretell, from the kernel by way of /dev/urandom: what System.Security.Cryptography offers would load OpenSSL into a program
/// that may not need it. For one thread.
/// </summary>
internal sealed class QueryRandom
{
    private readonly byte[] _buffer = new byte[256];
    private int _at = 256;

    internal ushort NextUInt16() => (ushort)((NextByte() << 8) | NextByte());

    internal byte NextByte()
    {
        if (_at == _buffer.Length)
        {
            using var source = File.OpenHandle("/dev/urandom");
            for (var filled = 0; filled < _buffer.Length;)
                filled += RandomAccess.Read(source, _buffer.AsSpan(filled), 0);
            _at = 0;
        }
        return _buffer[_at++];
    }
}

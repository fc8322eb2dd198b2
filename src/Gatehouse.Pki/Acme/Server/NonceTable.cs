using System.Buffers.Text;
using System.Security.Cryptography;

namespace Gatehouse.Pki.Acme.Server;

/// <summary>Nonces that were handed out and not yet used (RFC 8555 section 6.5). The oldest are forgotten: their holder is told, and gets a new one.</summary>
internal sealed class NonceTable
{
    private const int Capacity = 10_000;

    private readonly HashSet<string> _open = [];
    private readonly Queue<string> _order = new();

    public string Make()
    {
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        lock (_open)
        {
            _open.Add(nonce);
            _order.Enqueue(nonce);
            if (_order.Count > Capacity)
                _open.Remove(_order.Dequeue());
        }
        return nonce;
    }

    /// <summary>True for a nonce that is good, which it is no more then.</summary>
    public bool Use(string nonce)
    {
        lock (_open)
            return _open.Remove(nonce);
    }
}

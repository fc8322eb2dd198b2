using System.Buffers;
using System.Text;
using Gatehouse.Http.Urls;

namespace Gatehouse.Edge.Rewrite;

/// <summary>The rules for a query, ready to apply.</summary>
internal sealed class QueryRules
{
    private readonly bool _clears;
    private readonly byte[][] _dropped;
    private readonly byte[] _appended;

    public QueryRules(QueryRulesConfig config)
    {
        _clears = config.Remove.Contains("*");
        _dropped = [.. config.Remove.Concat(config.Set.Keys).Select(Encoding.UTF8.GetBytes)];
        var appended = new ArrayBufferWriter<byte>();
        var writer = new FormUrlEncodedWriter(appended);
        foreach (var (name, value) in config.Set.Concat(config.Add))
            writer.Write(name, value);
        _appended = appended.WrittenSpan.ToArray();
    }

    /// <summary>Appends to <paramref name="output"/> what becomes of <paramref name="query"/>; what stays is spelt as it came.</summary>
    public void Write(ReadOnlySpan<byte> query, ArrayBufferWriter<byte> output)
    {
        while (!_clears && !query.IsEmpty)
        {
            var end = query.IndexOf((byte)'&');
            var pair = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            if (!pair.IsEmpty && !IsDropped(pair))
                Append(pair, output);
        }
        if (_appended.Length > 0)
            Append(_appended, output);
    }

    private static void Append(ReadOnlySpan<byte> pairs, ArrayBufferWriter<byte> output)
    {
        if (output.WrittenCount > 0)
            output.Write("&"u8);
        output.Write(pairs);
    }

    private bool IsDropped(ReadOnlySpan<byte> pair)
    {
        var equals = pair.IndexOf((byte)'=');
        var raw = equals < 0 ? pair : pair[..equals];
        Span<byte> decoded = raw.Length <= 256 ? stackalloc byte[256] : new byte[raw.Length];
        decoded = decoded[..FormUrlEncodedPair.Decode(raw, decoded)];
        foreach (var name in _dropped)
        {
            if (decoded.SequenceEqual(name))
                return true;
        }
        return false;
    }
}

using System.Buffers;
using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http;

/// <summary>
/// Changes the fields of a request on their way to its handler: what arrived is copied once, and what is set stands behind it. Names and values are validated
/// on the way in (RFC 9110 section 5). Kept from request to request for its room.
/// </summary>
public sealed class HeaderEditor
{
    private static readonly SearchValues<byte> Forbidden = SearchValues.Create("\r\n\0"u8);
    private byte[] _bytes = [];
    private int _used;

    internal HeaderEditor()
    {
    }

    internal HeaderTable Table { get; } = new();

    internal int Received { get; private set; }

    /// <summary>
    /// False for a field that frames the message, speaks of its connection, or says whom it is for: the driver has read those, and a change would say one
    /// thing and mean another.
    /// </summary>
    public static bool MayChange(ReadOnlySpan<byte> name) => KnownHeaders.Find(name) is not (
        KnownHeader.Host or KnownHeader.ContentLength or KnownHeader.TransferEncoding or KnownHeader.Trailer or KnownHeader.TE or KnownHeader.Expect
        or KnownHeader.Connection or KnownHeader.KeepAlive or KnownHeader.ProxyConnection or KnownHeader.Upgrade);

    /// <summary>Appends a field.</summary>
    /// <exception cref="ArgumentException">The name is not a token or may not be changed, or the value has a CR, LF or NUL.</exception>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!HeaderSyntax.IsToken(name) || !MayChange(name))
            throw new ArgumentException($"Found the field name '{Encoding.Latin1.GetString(name)}', expected a token that does not frame the message.", nameof(name));
        if (value.IndexOfAny(Forbidden) is var bad and >= 0)
            throw new ArgumentException($"A field value must not hold CR, LF or NUL (RFC 9110 section 5.5); found {value[bad]} at {bad}.", nameof(value));
        Append(KnownHeaders.Find(name), name, value);
    }

    /// <summary>Replaces all fields of that name by one.</summary>
    /// <exception cref="ArgumentException">As with <see cref="Add"/>; nothing was changed.</exception>
    public void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var before = Table.Count;
        Add(name, value);
        RemoveUpTo(name, before);
    }

    /// <summary>Removes every field of that name, in any case; true when there was one.</summary>
    /// <exception cref="ArgumentException">The field may not be changed.</exception>
    public bool Remove(ReadOnlySpan<byte> name)
    {
        if (!MayChange(name))
            throw new ArgumentException($"The field '{Encoding.Latin1.GetString(name)}' frames the message and stays.", nameof(name));
        return RemoveUpTo(name, Table.Count);
    }

    internal void Begin(HeaderTable received)
    {
        var size = 0;
        for (var i = 0; i < received.Count; i++)
            size += received[i].Name.Length + received[i].Value.Length;
        _used = 0;
        Reserve(size + 256);
        Table.Reset(_bytes);
        for (var i = 0; i < received.Count; i++)
            Append(received[i].Known, received[i].Name, received[i].Value);
        Received = received.Count;
    }

    private bool RemoveUpTo(ReadOnlySpan<byte> name, int end)
    {
        var own = Table.Remove(name, Received, end);
        var received = Table.Remove(name, 0, Received);
        Received -= received;
        return own + received > 0;
    }

    private void Append(KnownHeader known, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Reserve(name.Length + value.Length);
        name.CopyTo(_bytes.AsSpan(_used));
        value.CopyTo(_bytes.AsSpan(_used + name.Length));
        Table.Add(known, _used, name.Length, _used + name.Length, value.Length);
        _used += name.Length + value.Length;
    }

    private void Reserve(int room)
    {
        if (_bytes.Length - _used >= room)
            return;
        // A new array, so that spans into the old one stay what they were.
        var larger = new byte[Math.Max(_used + room, Math.Max(1024, _bytes.Length * 2))];
        _bytes.AsSpan(0, _used).CopyTo(larger);
        _bytes = larger;
        Table.Rebase(larger, 0);
    }
}

namespace Gatehouse.Protocols.TlsHello;

/// <summary>A list of protocol names as ALPN has it (RFC 7301 section 3.1): each name after its length in one byte.</summary>
public static class ProtocolList
{
    /// <summary>The list of these names.</summary>
    /// <exception cref="ArgumentException">A name is empty, longer than 255 bytes or not ASCII.</exception>
    public static byte[] Of(params ReadOnlySpan<string> names)
    {
        var list = new List<byte>();
        foreach (var name in names)
        {
            if (name.Length is 0 or > 255 || !System.Text.Ascii.IsValid(name))
                throw new ArgumentException($"Expected a protocol's name of 1 to 255 ASCII characters; found '{name}'.", nameof(names));
            list.Add((byte)name.Length);
            foreach (var letter in name)
                list.Add((byte)letter);
        }

        return [.. list];
    }

    /// <summary>Where <paramref name="name"/> starts in a list; -1 when it is not there. What follows a broken entry is not looked at.</summary>
    public static int IndexOf(ReadOnlySpan<byte> list, ReadOnlySpan<byte> name)
    {
        for (var at = 0; at < list.Length && at + 1 + list[at] <= list.Length && list[at] != 0; at += 1 + list[at])
        {
            if (list.Slice(at + 1, list[at]).SequenceEqual(name))
                return at + 1;
        }

        return -1;
    }

    /// <summary>Where the first of <paramref name="preferred"/> (a list too) that is offered starts in <paramref name="offered"/>; -1 when none is.</summary>
    public static int Pick(ReadOnlySpan<byte> offered, ReadOnlySpan<byte> preferred)
    {
        for (var at = 0; at < preferred.Length; at += 1 + preferred[at])
        {
            var found = IndexOf(offered, preferred.Slice(at + 1, preferred[at]));
            if (found >= 0)
                return found;
        }

        return -1;
    }
}

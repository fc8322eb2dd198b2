using System.Text.Unicode;
using Gatehouse.Http;

namespace Gatehouse.Fuzz.Targets;

/// <summary>Request paths: no accepted path leaves the root, holds a dot segment, an empty segment, a control character or bytes that are not UTF-8.</summary>
internal sealed class UrlPathTarget : IFuzzTarget
{
    private const byte Canary = 0xA5;

    public string Name => "url-path";

    public IEnumerable<byte[]> Seeds => Targets.Seeds.Of(
        "/", "*", "/index.html", "/a/b/../c/./d", "/%2e%2e/etc/passwd", "/a%2Fb", "//a///b", "/%E2%82%AC", "/a/..;/b", "/%25%32%65", "/..%2f..%2f",
        "/a/%2e", "/a/..", "/\\..\\", "/caf\u00c3\u00a9");

    public void Run(ReadOnlySpan<byte> input)
    {
        Span<byte> room = new byte[input.Length + 8];
        room.Fill(Canary);
        var accepted = UrlPath.TryNormalize(input, room[..input.Length], out var written);
        Claim.That(room[input.Length..].IndexOfAnyExcept(Canary) < 0, "nothing is written behind the destination");
        if (!UrlPath.NeedsNormalizing(input))
            Claim.That(accepted && room[..written].SequenceEqual(input), "a path that needs no normalizing stays as it is");
        if (!accepted) return;
        Claim.That(written <= input.Length, $"at most {input.Length} bytes, {written} written");
        ReadOnlySpan<byte> path = room[..written];
        if (path.Length == 0 || path.SequenceEqual("*"u8)) return;
        Claim.That(path[0] == '/', "a path begins with a slash");
        Claim.That(Utf8.IsValid(path), "a path is UTF-8");
        Claim.That(!path.ContainsAnyInRange((byte)0, (byte)0x1F) && !path.Contains((byte)0x7F), "a path has no control character");
        foreach (var range in path[1..].Split((byte)'/'))
        {
            var segment = path[1..][range];
            var last = range.End.Value == path.Length - 1;
            Claim.That(segment.Length > 0 || last, "no segment but the last is empty");
            Claim.That(!segment.SequenceEqual("."u8) && !segment.SequenceEqual(".."u8), "no dot segment is left");
        }
    }
}

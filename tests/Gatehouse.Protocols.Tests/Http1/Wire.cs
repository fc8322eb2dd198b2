using System.Text;
using Gatehouse.Protocols.Http1;
using Gatehouse.Testing;

namespace Gatehouse.Protocols.Tests.Http1;

/// <summary>Bytes of tests, and the check that splitting them changes nothing.</summary>
internal static class Wire
{
    /// <summary>The bytes of a text in which each character stands for the byte of its number.</summary>
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>Reads requests whole, byte by byte and split at random; all must come to the same, which is returned.</summary>
    public static MessageReader Requests(string text, Http1Limits? limits = null) => Requests(Bytes(text), limits);

    /// <inheritdoc cref="Requests(string, Http1Limits)"/>
    public static MessageReader Requests(byte[] wire, Http1Limits? limits = null) => Same(wire, pieces => MessageReader.Requests(pieces, limits));

    /// <summary>Reads responses whole, byte by byte and split at random; all must come to the same, which is returned.</summary>
    public static MessageReader Responses(string text, params Method[] methods) => Responses(Bytes(text), null, methods);

    /// <inheritdoc cref="Responses(string, Method[])"/>
    public static MessageReader Responses(byte[] wire, Http1Limits? limits, params Method[] methods) =>
        Same(wire, pieces => MessageReader.Responses(pieces, limits, methods));

    /// <summary>A request with these lines between its request line and a valid Host, and nothing behind its head.</summary>
    public static MessageReader Request(params string[] lines) =>
        Requests(string.Concat(["GET / HTTP/1.1\r\nHost: a\r\n", .. lines.Select(line => line + "\r\n"), "\r\n"]));

    private static MessageReader Same(byte[] wire, Func<IReadOnlyList<ReadOnlyMemory<byte>>, MessageReader> read)
    {
        var whole = read(Splits.Whole(wire));
        var text = whole.Describe();
        foreach (var pieces in Splits.Of(wire, random: 4))
            Assert.Equal(text, read(pieces).Describe());
        return whole;
    }
}

using System.Buffers;

namespace Gatehouse.Http;

/// <summary>Sees the answer's head once, just before it is sent, and may change it and the body: compression, header rules, a cache's copy.</summary>
public interface IResponseFilter
{
    /// <summary>
    /// Looks at and changes the head. Returns what the body must pass through, or null. One that changes the body's length sets
    /// <see cref="Response.ContentLength"/> to -1.
    /// </summary>
    IBodyTransform? OnResponse(Exchange exchange);
}

/// <summary>Turns the bytes of a body into others as they pass.</summary>
public interface IBodyTransform : IDisposable
{
    /// <summary>Appends to <paramref name="output"/> what <paramref name="input"/> becomes; <paramref name="last"/> asks for all that is still held back.</summary>
    void Transform(ReadOnlySpan<byte> input, bool last, IBufferWriter<byte> output);
}

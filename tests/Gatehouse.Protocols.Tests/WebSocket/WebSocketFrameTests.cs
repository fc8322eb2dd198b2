using System.Text;
using Gatehouse.Protocols.WebSocket;

namespace Gatehouse.Protocols.Tests.WebSocket;

/// <summary>Heads of frames and the handshake, with the examples of RFC 6455.</summary>
public sealed class WebSocketFrameTests
{
    [Theory]
    [InlineData("8105", WebSocketOpcode.Text, true, 5)]
    [InlineData("0103", WebSocketOpcode.Text, false, 3)]
    [InlineData("8002", WebSocketOpcode.Continuation, true, 2)]
    [InlineData("8905", WebSocketOpcode.Ping, true, 5)]
    [InlineData("827E0100", WebSocketOpcode.Binary, true, 256)]
    [InlineData("827F0000000000010000", WebSocketOpcode.Binary, true, 65536)]
    public void The_examples_of_section_5_7_read_and_write(string hex, WebSocketOpcode opcode, bool isFinal, long length)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.Equal(bytes.Length, WebSocketFrame.TryRead(bytes, out var frame));
        Assert.Equal(new WebSocketFrame(opcode, isFinal, false, 0, length), frame);
        var written = new byte[WebSocketFrame.MaxHead];
        Assert.Equal(hex, Convert.ToHexString(written, 0, frame.Write(written)));
        for (var cut = 0; cut < bytes.Length; cut++)
            Assert.Equal(0, WebSocketFrame.TryRead(bytes.AsSpan(0, cut), out _));
    }

    [Fact]
    public void A_masked_text_is_unmasked_whole_and_in_pieces()
    {
        var bytes = Convert.FromHexString("818537FA213D7F9F4D5158");
        var head = WebSocketFrame.TryRead(bytes, out var frame);
        Assert.True(frame.IsMasked);
        for (var cut = 0; cut <= 5; cut++)
        {
            var payload = bytes[head..];
            frame.ApplyMask(payload.AsSpan(0, cut), 0);
            frame.ApplyMask(payload.AsSpan(cut), cut);
            Assert.Equal("Hello", Encoding.ASCII.GetString(payload));
        }
    }

    [Theory]
    [InlineData("C100")]
    [InlineData("8300")]
    [InlineData("8B00")]
    [InlineData("0900")]
    [InlineData("897E0080")]
    [InlineData("827E0005")]
    [InlineData("827F000000000000FFFF")]
    [InlineData("827FFFFFFFFFFFFFFFFF")]
    public void What_is_no_frame_is_refused(string hex) => Assert.Equal(-1, WebSocketFrame.TryRead(Convert.FromHexString(hex), out _));

    [Fact]
    public void What_is_written_is_read_and_random_bytes_never_throw()
    {
        var random = new Random(3);
        var head = new byte[WebSocketFrame.MaxHead];
        for (var i = 0; i < 20_000; i++)
        {
            var frame = new WebSocketFrame(
                (WebSocketOpcode)random.Next(3), random.Next(2) == 0, random.Next(2) == 0, 0, random.NextInt64(1L << random.Next(1, 62)));
            if (frame.IsMasked)
                frame = frame with { Mask = (uint)random.Next() };
            var size = frame.Write(head);
            Assert.Equal(size, WebSocketFrame.TryRead(head, out var read));
            Assert.Equal(frame, read);
            random.NextBytes(head);
            WebSocketFrame.TryRead(head.AsSpan(0, random.Next(head.Length + 1)), out _);
        }
    }

    [Fact]
    public void The_handshake_of_section_1_3()
    {
        Assert.True(WebSocketHandshake.IsKey("dGhlIHNhbXBsZSBub25jZQ=="u8));
        Assert.False(WebSocketHandshake.IsKey("dGhlIHNhbXBsZSBub25jZQ"u8));
        Assert.False(WebSocketHandshake.IsKey("dGhlIHNhbXBsZSBub25j####"u8));
        var accept = new byte[WebSocketHandshake.AcceptLength];
        WebSocketHandshake.WriteAccept("dGhlIHNhbXBsZSBub25jZQ=="u8, accept);
        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", Encoding.ASCII.GetString(accept));
    }
}

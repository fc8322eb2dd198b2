using System.Buffers.Binary;
using CsCheck;
using Gatehouse.Protocols.Http2;

namespace Gatehouse.Protocols.Tests.Http2;

public sealed class Http2FrameTests
{
    [Fact]
    public void A_header_comes_back() =>
        Gen.Select(Gen.Int[0, 0xFF_FFFF], Gen.Byte, Gen.Byte, Gen.Int[0, int.MaxValue]).Sample((length, type, flags, stream) =>
        {
            var bytes = new byte[9];
            Http2FrameHeader.Write(bytes, length, (Http2FrameType)type, (Http2Flags)flags, stream);
            Assert.True(Http2FrameHeader.TryRead(bytes, out var header));
            Assert.Equal(new Http2FrameHeader(length, (Http2FrameType)type, (Http2Flags)flags, stream), header);
            Assert.False(Http2FrameHeader.TryRead(bytes.AsSpan(0, 8), out _));
            // The reserved bit is ignored (RFC 9113 section 4.1).
            bytes[5] |= 0x80;
            Assert.True(Http2FrameHeader.TryRead(bytes, out header));
            Assert.Equal(stream, header.Stream);
        });

    [Theory]
    [InlineData(16_385, 0x0, 0, 1, Http2ErrorCode.FrameSizeError, false)]
    [InlineData(16_385, 0x77, 0, 1, Http2ErrorCode.FrameSizeError, false)]
    [InlineData(1, 0x0, 0, 0, Http2ErrorCode.ProtocolError, false)]
    [InlineData(1, 0x1, 0, 0, Http2ErrorCode.ProtocolError, false)]
    [InlineData(5, 0x2, 0, 0, Http2ErrorCode.ProtocolError, false)]
    [InlineData(4, 0x2, 0, 1, Http2ErrorCode.FrameSizeError, true)]
    [InlineData(4, 0x3, 0, 0, Http2ErrorCode.ProtocolError, false)]
    [InlineData(3, 0x3, 0, 1, Http2ErrorCode.FrameSizeError, false)]
    [InlineData(6, 0x4, 0, 1, Http2ErrorCode.ProtocolError, false)]
    [InlineData(5, 0x4, 0, 0, Http2ErrorCode.FrameSizeError, false)]
    [InlineData(6, 0x4, 1, 0, Http2ErrorCode.FrameSizeError, false)]
    [InlineData(8, 0x5, 0, 1, Http2ErrorCode.ProtocolError, false)]
    [InlineData(8, 0x6, 0, 1, Http2ErrorCode.ProtocolError, false)]
    [InlineData(7, 0x6, 0, 0, Http2ErrorCode.FrameSizeError, false)]
    [InlineData(8, 0x7, 0, 1, Http2ErrorCode.ProtocolError, false)]
    [InlineData(7, 0x7, 0, 0, Http2ErrorCode.FrameSizeError, false)]
    [InlineData(3, 0x8, 0, 0, Http2ErrorCode.FrameSizeError, false)]
    [InlineData(1, 0x9, 0, 0, Http2ErrorCode.ProtocolError, false)]
    [InlineData(4, 0x10, 0, 1, Http2ErrorCode.ProtocolError, false)]
    [InlineData(3, 0x10, 0, 0, Http2ErrorCode.FrameSizeError, false)]
    public void A_frame_that_cannot_be_right_is_known_by_its_header(int length, byte type, byte flags, int stream, Http2ErrorCode code, bool isStream)
    {
        var fault = new Http2FrameHeader(length, (Http2FrameType)type, (Http2Flags)flags, stream).Check();
        Assert.Equal((code, isStream), (fault.Code, fault.IsStream));
        Assert.False(fault.IsNone);
    }

    [Theory]
    [InlineData(0, 0x0, 0, 1)]
    [InlineData(16_384, 0x0, 0, 1)]
    [InlineData(0, 0x4, 1, 0)]
    [InlineData(12, 0x4, 0, 0)]
    [InlineData(100, 0x77, 255, 5)]
    [InlineData(0, 0x9, 4, 1)]
    public void A_right_one_is_none(int length, byte type, byte flags, int stream) =>
        Assert.True(new Http2FrameHeader(length, (Http2FrameType)type, (Http2Flags)flags, stream).Check().IsNone);

    [Theory]
    [InlineData(0x0, 0x0, "616263", "616263")]
    [InlineData(0x0, 0x8, "0261620000", "6162")]
    [InlineData(0x0, 0x8, "00", "")]
    [InlineData(0x1, 0x20, "000000031061", "61")]
    [InlineData(0x1, 0x28, "0100000003106100", "61")]
    public void Padding_and_priority_are_taken_off(byte type, byte flags, string payload, string content)
    {
        var fault = Unwrap(type, flags, payload, out var found);
        Assert.True(fault.IsNone, $"{fault}");
        Assert.Equal(content, found);
    }

    [Theory]
    [InlineData(0x0, 0x8, "", Http2ErrorCode.FrameSizeError, false)]
    [InlineData(0x0, 0x8, "0161", Http2ErrorCode.NoError, false)]
    [InlineData(0x0, 0x8, "0261", Http2ErrorCode.ProtocolError, false)]
    [InlineData(0x1, 0x20, "00000003", Http2ErrorCode.FrameSizeError, false)]
    [InlineData(0x1, 0x20, "000000011061", Http2ErrorCode.ProtocolError, true)]
    public void Bad_padding_and_priority_are_faults(byte type, byte flags, string payload, Http2ErrorCode code, bool isStream)
    {
        var fault = Unwrap(type, flags, payload, out _);
        Assert.Equal((code, isStream), (fault.Code, fault.IsStream));
    }

    [Theory]
    [InlineData(0x2, 2u, Http2ErrorCode.ProtocolError)]
    [InlineData(0x4, 0x8000_0000u, Http2ErrorCode.FlowControlError)]
    [InlineData(0x5, 16_383u, Http2ErrorCode.ProtocolError)]
    [InlineData(0x5, 0x100_0000u, Http2ErrorCode.ProtocolError)]
    [InlineData(0x8, 2u, Http2ErrorCode.ProtocolError)]
    [InlineData(0x9, 2u, Http2ErrorCode.ProtocolError)]
    [InlineData(0x2, 1u, Http2ErrorCode.NoError)]
    [InlineData(0x4, 0u, Http2ErrorCode.NoError)]
    [InlineData(0x99, 7u, Http2ErrorCode.NoError)]
    public void Settings_are_held_to_their_ranges(ushort id, uint value, Http2ErrorCode code)
    {
        var payload = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(payload, id);
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(2), value);
        var settings = new Http2Settings();
        Assert.Equal(code, settings.Apply(payload).Code);
    }

    [Fact]
    public void Settings_are_taken_over_in_order()
    {
        var frame = new byte[100];
        var size = Http2FrameWriter.Settings(frame, [(Http2SettingId.InitialWindowSize, 5), (Http2SettingId.InitialWindowSize, 7), (Http2SettingId.EnableConnectProtocol, 1)]);
        Assert.True(Http2FrameHeader.TryRead(frame, out var header));
        Assert.Equal(size - 9, header.Length);
        var settings = new Http2Settings();
        Assert.True(settings.Apply(frame.AsSpan(9, header.Length)).IsNone);
        Assert.Equal((7, true, 16_384), (settings.InitialWindowSize, settings.EnableConnectProtocol, settings.MaxFrameSize));
    }

    [Fact]
    public void Control_frames_are_what_they_say()
    {
        var to = new byte[Http2FrameWriter.ControlBytes];
        Assert.Equal(13, Http2FrameWriter.RstStream(to, 5, Http2ErrorCode.Cancel));
        Assert.Equal("00000403000000000500000008", Convert.ToHexStringLower(to.AsSpan(0, 13)));
        Assert.Equal(13, Http2FrameWriter.WindowUpdate(to, 0, 65_535));
        Assert.Equal("0000040800000000000000ffff", Convert.ToHexStringLower(to.AsSpan(0, 13)));
        Assert.Equal(17, Http2FrameWriter.GoAway(to, int.MaxValue, Http2ErrorCode.NoError));
        Assert.Equal("0000080700000000007fffffff00000000", Convert.ToHexStringLower(to));
        Assert.Equal(17, Http2FrameWriter.Ping(to, "12345678"u8, isAck: true));
        Assert.Equal("0000080601000000003132333435363738", Convert.ToHexStringLower(to));
        Assert.Equal(9, Http2FrameWriter.SettingsAck(to));
        Assert.Equal("000000040100000000", Convert.ToHexStringLower(to.AsSpan(0, 9)));
    }

    private static Http2Fault Unwrap(byte type, byte flags, string payload, out string content)
    {
        var bytes = Convert.FromHexString(payload);
        var fault = Http2FramePayload.Unwrap(new Http2FrameHeader(bytes.Length, (Http2FrameType)type, (Http2Flags)flags, 1), bytes, out var found);
        content = Convert.ToHexStringLower(found);
        return fault;
    }
}

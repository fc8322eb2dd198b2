using System.Buffers.Binary;
using CsCheck;
using Gatehouse.Protocols.Tests.Cgi;
using Gatehouse.Protocols.Uwsgi;

namespace Gatehouse.Protocols.Tests.Uwsgi;

public sealed class UwsgiPacketTests
{
    [Fact]
    public void Numbers_are_little_endian()
    {
        var to = new byte[64];
        Assert.True(UwsgiPacket.TryWrite(to, Variables.Of(("KEY", "VALUE"), ("E", "")), 9, 2, out var written));
        Assert.Equal([9, 17, 0, 2, 3, 0, .. "KEY"u8, 5, 0, .. "VALUE"u8, 1, 0, .. "E"u8, 0, 0], to[..written]);
    }

    [Theory]
    [InlineData(65_530, true)]
    [InlineData(65_531, false)]
    public void A_packet_has_64_KB_of_variables_at_most(int value, bool fits)
    {
        var variables = Variables.Of(("A", new string('x', value)));
        Assert.Equal(fits, UwsgiPacket.TryWrite(new byte[UwsgiPacket.Size(variables)], variables, 0, 0, out var written));
        Assert.Equal(fits ? 4 + 65_535 : 0, written);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var text = Gen.String[Gen.Char['\0', '\u00ff'], 0, 300];
        Gen.Select(text, text).Array[0, 20].Sample(variables =>
        {
            var table = Variables.Of(variables);
            var wire = new byte[UwsgiPacket.Size(table)];
            Assert.True(UwsgiPacket.TryWrite(wire, table, 0, 0, out var written));
            Assert.Equal(wire.Length, written);
            Assert.Equal(wire.Length - 4, BinaryPrimitives.ReadUInt16LittleEndian(wire.AsSpan(1)));
            var rest = wire.AsSpan(4);
            string Next(ref Span<byte> from)
            {
                var length = BinaryPrimitives.ReadUInt16LittleEndian(from);
                var value = Variables.Text(from.Slice(2, length));
                from = from[(2 + length)..];
                return value;
            }
            foreach (var pair in variables)
                Assert.Equal(pair, (Next(ref rest), Next(ref rest)));
            Assert.True(rest.IsEmpty);
        }, iter: 1000);
    }
}

using Gatehouse.Gateways.Python;
using Gatehouse.Testing;

namespace Gatehouse.Gateways.Tests.Python;

/// <summary>What is written is what Python reads.</summary>
public sealed class MarshalWriterTests
{
    [Fact]
    public void Python_reads_every_code()
    {
        var writer = new MarshalWriter();
        writer.Tuple(8);
        writer.None();
        writer.Boolean(true);
        writer.Number(-5);
        writer.Bytes([1, 0, 255]);
        writer.ShortAscii("short"u8);
        writer.Latin1([0x41, 0xE4, 0xFF]);
        writer.Text("€");
        writer.Dictionary();
        writer.Latin1(new byte[300]);
        writer.Boolean(false);
        writer.EndDictionary();
        Assert.Equal("(None, True, -5, b'\\x01\\x00\\xff', 'short', 'Aäÿ', '€', {300: False})\n", Read(writer, "(lambda v: v[:7] + ({len(k): x for k, x in v[7].items()},))(value)"));
    }

    [Fact]
    public void A_number_can_be_written_over_and_a_writer_used_again()
    {
        var writer = new MarshalWriter();
        writer.Number(1);
        writer.Clear();
        writer.Tuple(1);
        writer.Number(7);
        writer.SetNumber(5, 0x12345678);
        Assert.Equal("(305419896,)\n", Read(writer, "value"));
    }

    [Fact]
    public void Random_bytes_come_through_as_characters_of_the_same_number()
    {
        var random = new Random(1);
        for (var length = 0; length < 600; length += 37)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var writer = new MarshalWriter();
            writer.Latin1(bytes);
            Assert.Equal(Convert.ToHexStringLower(bytes) + "\n", Read(writer, "value.encode('latin-1').hex()", plain: true));
        }
    }

    private static string Read(MarshalWriter writer, string expression, bool plain = false)
    {
        var script = $"import marshal, sys\nvalue = marshal.loads(sys.stdin.buffer.read())\nprint({(plain ? "" : "repr")}({expression}))";
        var result = PeerProcess.Run("python3", ["-X", "utf8", "-c", script], input: writer.Written.ToArray());
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }
}

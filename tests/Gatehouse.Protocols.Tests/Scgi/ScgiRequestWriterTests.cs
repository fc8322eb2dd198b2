using System.Globalization;
using CsCheck;
using Gatehouse.Protocols.Cgi;
using Gatehouse.Protocols.Scgi;
using Gatehouse.Protocols.Tests.Cgi;

namespace Gatehouse.Protocols.Tests.Scgi;

public sealed class ScgiRequestWriterTests
{
    // The example of the specification.
    [Fact]
    public void The_head_is_a_netstring_whose_first_name_is_the_length() =>
        Assert.Equal(
            "70:CONTENT_LENGTH\027\0SCGI\01\0REQUEST_METHOD\0POST\0REQUEST_URI\0/deepthought\0,",
            Write(Variables.Of(("REQUEST_METHOD", "POST"), ("REQUEST_URI", "/deepthought")), 27));

    [Fact]
    public void The_length_stands_once() =>
        Assert.Equal("31:CONTENT_LENGTH\00\0SCGI\01\0A\0\0B\02\0,", Write(Variables.Of(("A", ""), ("CONTENT_LENGTH", "5"), ("B", "2")), 0));

    [Fact]
    public void What_is_written_is_read_back()
    {
        var text = Gen.String[Gen.Char['\u0001', '\u00ff'], 0, 20];
        Gen.Select(Gen.Select(text, text).Array[0, 20], Gen.Long[0, long.MaxValue]).Sample((variables, length) =>
        {
            var wire = Write(Variables.Of(variables), length);
            var colon = wire.IndexOf(':', StringComparison.Ordinal);
            var size = int.Parse(wire[..colon], CultureInfo.InvariantCulture);
            Assert.Equal(colon + 1 + size + 1, wire.Length);
            Assert.EndsWith("\0,", wire, StringComparison.Ordinal);
            var parts = wire[(colon + 1)..^2].Split('\0');
            string[] head = ["CONTENT_LENGTH", length.ToString(CultureInfo.InvariantCulture), "SCGI", "1"];
            Assert.Equal(head.Concat(variables.SelectMany(pair => new[] { pair.Item1, pair.Item2 })), parts);
        }, iter: 1000);
    }

    private static string Write(CgiVariables variables, long length)
    {
        var wire = new byte[ScgiRequestWriter.SizeBound(variables)];
        return Variables.Text(wire.AsSpan(0, ScgiRequestWriter.Write(wire, variables, length)));
    }
}

using System.Text;
using CsCheck;
using Gatehouse.Protocols.FastCgi;
using Gatehouse.Protocols.Tests.Cgi;
using Gatehouse.Testing;

namespace Gatehouse.Protocols.Tests.FastCgi;

public sealed class FastCgiTests
{
    [Fact]
    public void Records_are_written_as_the_specification_draws_them()
    {
        var begin = new byte[16];
        new FastCgiBeginRequest(FastCgiRole.Responder, KeepConnection: true).Write(begin, 0x0102);
        Assert.Equal(Convert.FromHexString("01010102000800000001010000000000"), begin);
        var end = new byte[16];
        new FastCgiEndRequest(938, FastCgiProtocolStatus.Overloaded).Write(end, 1);
        Assert.Equal(Convert.FromHexString("0103000100080000000003AA02000000"), end);
        // Appendix B: {FCGI_PARAMS, 1, "\013\002SERVER_PORT80..."}, padded to eight.
        var parameters = new byte[64];
        var variables = Variables.Of(("SERVER_PORT", "80"));
        var length = FastCgiParams.Write(parameters, 1, variables);
        Assert.InRange(length, 0, FastCgiParams.SizeBound(variables));
        Assert.Equal(
            [.. Convert.FromHexString("01040001000F0100"), 11, 2, .. "SERVER_PORT80\0"u8, .. Convert.FromHexString("0104000100000000")], parameters[..length]);
    }

    [Theory]
    [InlineData(0, 0, "0000")]
    [InlineData(127, 0, "7F00")]
    [InlineData(128, 127, "800000807F")]
    [InlineData(3, 0x12345, "0380012345")]
    public void Lengths_take_one_byte_or_four(int name, int value, string head)
    {
        var pair = new byte[FastCgiNameValue.Size(name, value)];
        Assert.Equal(pair.Length, FastCgiNameValue.Write(pair, new byte[name], new byte[value]));
        Assert.Equal(head, Convert.ToHexString(pair.AsSpan(0, pair.Length - name - value)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("0101")]
    [InlineData("010141")]
    [InlineData("80")]
    [InlineData("80000001")]
    [InlineData("FFFFFFFFFFFFFFFF00")]
    public void A_pair_that_is_not_whole_is_none(string hex)
    {
        ReadOnlySpan<byte> rest = Convert.FromHexString(hex);
        Assert.False(FastCgiNameValue.TryRead(ref rest, out _));
        Assert.Equal(hex.Length / 2, rest.Length);
    }

    [Fact]
    public void Params_of_any_size_come_back()
    {
        var values = Gen.OneOf(Gen.Int[0, 300], Gen.Int[60_000, 70_000], Gen.Int[0, 3]);
        Gen.Select(values, Gen.Byte).Array[0, 6].Sample(chosen =>
        {
            var variables = Variables.Of([.. chosen.Select((value, i) => ($"NAME{i}", new string((char)value.Item2, value.Item1)))]);
            var wire = new byte[FastCgiParams.SizeBound(variables)];
            wire = wire[..FastCgiParams.Write(wire, 7, variables)];
            Assert.Equal(0, wire.Length % 8);
            foreach (var pieces in new[] { Splits.Whole(wire), Splits.AtRandom(wire, new Random(1)) })
            {
                using var pairs = new MemoryStream();
                var ends = new List<int>();
                Decode(pieces, (decoder, content) => pairs.Write(content), decoder =>
                {
                    Assert.Equal((FastCgiRecordType.Params, 7), (decoder.Record.Type, decoder.Record.RequestId));
                    ends.Add(decoder.Record.ContentLength);
                });
                Assert.Equal(0, ends[^1]);
                Assert.DoesNotContain(0, ends[..^1]);
                ReadOnlySpan<byte> rest = pairs.ToArray();
                for (var i = 0; i < variables.Count; i++)
                {
                    Assert.True(FastCgiNameValue.TryRead(ref rest, out var pair));
                    Assert.True(pair.Name.SequenceEqual(variables[i].Name) && pair.Value.SequenceEqual(variables[i].Value));
                }
                Assert.True(rest.IsEmpty);
            }
        }, iter: 60);
    }

    [Theory]
    [InlineData("020100010008000000010000000000FF", "version")]
    [InlineData("0103000100070000", "7 bytes")]
    [InlineData("0101000100000000", "0 bytes")]
    [InlineData("485454502F312E31", "version")]
    public void What_is_no_record_is_refused(string hex, string why)
    {
        var decoder = new FastCgiDecoder();
        Assert.Equal(FastCgiStep.Failed, decoder.Decode(Convert.FromHexString(hex), out _, out _));
        Assert.Contains(why, decoder.Error!, StringComparison.Ordinal);
        Assert.Equal(FastCgiStep.Failed, decoder.Decode("more"u8, out _, out _));
    }

    [Fact]
    public void An_answer_is_read_however_it_is_cut()
    {
        byte[] wire =
        [
            .. Record(FastCgiRecordType.Stdout, 1, "Content-", 3), .. Record(FastCgiRecordType.Stderr, 1, "oops\n", 0), .. Record(FastCgiRecordType.GetValuesResult, 0, "zz", 6),
            .. Record(FastCgiRecordType.Stdout, 1, "Type: a\n\n", 255), .. Record(FastCgiRecordType.Stdout, 1, "", 0), .. Record(FastCgiRecordType.Stderr, 1, "", 8),
            .. End(1, 3, FastCgiProtocolStatus.RequestComplete), .. "next"u8,
        ];
        foreach (var pieces in Splits.EveryCut(wire).Concat(Splits.Of(wire)))
            Assert.Equal("Content-Type: a\n\n|oops\n|End 3 RequestComplete|", Answer(pieces));
    }

    [Theory]
    [InlineData(FastCgiRecordType.Stdin, 1, "type Stdin")]
    [InlineData(FastCgiRecordType.Stdout, 2, "request 2, expected 1")]
    [InlineData((FastCgiRecordType)77, 1, "type 77")]
    public void Records_that_an_application_must_not_send_end_the_connection(FastCgiRecordType type, int id, string why)
    {
        Assert.Contains(why, Answer(Splits.Whole(Record(type, id, "x", 0))), StringComparison.Ordinal);
        Assert.Contains(why, Answer(Splits.Whole(Record(type, id, "", 0))), StringComparison.Ordinal);
        Assert.Contains("end of request 9", Answer(Splits.Whole(End(9, 0, FastCgiProtocolStatus.RequestComplete))), StringComparison.Ordinal);
    }

    [Fact]
    public void Content_may_be_received_past_the_reader()
    {
        var wire = Record(FastCgiRecordType.Stdout, 1, "0123456789", 6);
        var reader = new FastCgiResponseReader();
        reader.Begin(1);
        Assert.Equal(0, reader.DirectLimit);
        Assert.Equal(FastCgiResponseStep.Output, reader.Read(wire.AsSpan(0, 11), out var consumed, out var data));
        Assert.Equal((11, 3, 7), (consumed, data.Length, reader.DirectLimit));
        reader.Took(7);
        Assert.Equal(0, reader.DirectLimit);
        Assert.Equal(FastCgiResponseStep.NeedMore, reader.Read(wire.AsSpan(18), out consumed, out _));
        Assert.Equal(6, consumed);
    }

    [Fact]
    public void Random_bytes_make_no_exception_and_one_verdict()
    {
        var records = Gen.Select(Gen.Int[0, 12], Gen.Int[0, 2], Gen.Int[0, 20], Gen.Int[0, 9], (type, id, length, padding) =>
            Record((FastCgiRecordType)type, id, new string('x', type is 1 or 3 or 11 ? 8 : length), padding));
        Gen.OneOf(records.Array[0, 6].Select(parts => parts.SelectMany(part => part).ToArray()), Gen.Byte.Array[0, 60]).Sample(wire =>
        {
            var whole = Answer(Splits.Whole(wire));
            foreach (var pieces in Splits.Of(wire, random: 2))
                Assert.Equal(whole, Answer(pieces));
        }, iter: 3000);
    }

    [Fact]
    public void Nothing_is_allocated_once_it_is_warm()
    {
        byte[] wire = [.. Record(FastCgiRecordType.Stdout, 1, "Status: 200\n\nhello", 6), .. End(1, 0, FastCgiProtocolStatus.RequestComplete)];
        var reader = new FastCgiResponseReader();
        var variables = Variables.Of(("SERVER_PORT", "80"), ("QUERY_STRING", ""));
        var to = new byte[256];
        long Once()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            reader.Begin(1);
            var rest = wire.AsSpan();
            FastCgiResponseStep step;
            do
            {
                step = reader.Read(rest, out var consumed, out _);
                rest = rest[consumed..];
            }
            while (step == FastCgiResponseStep.Output);
            if (step != FastCgiResponseStep.End || FastCgiParams.Write(to, 1, variables) == 0) throw new InvalidOperationException(reader.Error);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Once();
        Assert.Equal(0, Once());
    }

    private static byte[] Record(FastCgiRecordType type, int id, string content, int padding)
    {
        var wire = new byte[8 + content.Length + padding];
        new FastCgiRecord(type, id, content.Length, padding).Write(wire);
        Variables.Bytes(content).CopyTo(wire.AsSpan(8));
        return wire;
    }

    private static byte[] End(int id, uint status, FastCgiProtocolStatus protocol)
    {
        var wire = new byte[16];
        new FastCgiEndRequest(status, protocol).Write(wire, id);
        return wire;
    }

    private delegate void ContentSink(FastCgiDecoder decoder, ReadOnlySpan<byte> content);

    private static void Decode(IReadOnlyList<ReadOnlyMemory<byte>> pieces, ContentSink content, Action<FastCgiDecoder> end)
    {
        var decoder = new FastCgiDecoder();
        foreach (var piece in pieces)
        {
            var rest = piece.Span;
            while (true)
            {
                var step = decoder.Decode(rest, out var consumed, out var slice);
                if (step == FastCgiStep.Content)
                    content(decoder, rest.Slice(slice.Start, slice.Length));
                if (step == FastCgiStep.RecordEnd)
                    end(decoder);
                Assert.NotEqual(FastCgiStep.Failed, step);
                rest = rest[consumed..];
                if (step == FastCgiStep.NeedMore)
                    break;
            }
            Assert.True(rest.IsEmpty);
        }
        Assert.True(decoder.IsBetweenRecords);
    }

    private static string Answer(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var reader = new FastCgiResponseReader();
        reader.Begin(1);
        var output = new StringBuilder();
        var error = new StringBuilder();
        foreach (var piece in pieces)
        {
            var rest = piece.Span;
            while (true)
            {
                var step = reader.Read(rest, out var consumed, out var data);
                var text = Variables.Text(rest.Slice(data.Start, data.Length));
                rest = rest[consumed..];
                if (step == FastCgiResponseStep.NeedMore)
                    break;
                switch (step)
                {
                    case FastCgiResponseStep.Output:
                        output.Append(text);
                        break;
                    case FastCgiResponseStep.Error:
                        error.Append(text);
                        break;
                    case FastCgiResponseStep.End:
                        return $"{output}|{error}|End {reader.Ended.AppStatus} {reader.Ended.ProtocolStatus}|";
                    default:
                        return $"{output}|{error}|{reader.Error}";
                }
            }
        }
        return $"{output}|{error}|more";
    }
}

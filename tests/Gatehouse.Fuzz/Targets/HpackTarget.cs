using System.Text;
using Gatehouse.Protocols.Http1;
using Gatehouse.Protocols.Http2;
using Gatehouse.Protocols.Http2.Hpack;

namespace Gatehouse.Fuzz.Targets;

/// <summary>Field blocks of one connection, each with its length before it: decoded within their limits or refused, and what is decoded can be encoded.</summary>
internal sealed class HpackTarget : IFuzzTarget
{
    private static readonly Http1Limits Limits = new() { HeadBytes = 2048, Fields = 20 };

    public string Name => "hpack";

    public IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString("14828684410f7777772e6578616d706c652e636f6d0e828684be58086e6f2d6361636865"),
        Convert.FromHexString("11828684418cf1e3c2e5f23a6ba0ab90f4ff0c828684be5886a8eb10649cbf"),
        Convert.FromHexString("0820400178017983be"),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var decoder = new HpackDecoder();
        var section = new Http2FieldSection();
        var encoder = new HpackEncoder();
        var mirror = new HpackDecoder();
        var second = new Http2FieldSection();
        while (input.Length > 0)
        {
            var length = Math.Min(input[0], input.Length - 1);
            section.Begin(Http2SectionKind.Request, Limits);
            var fault = decoder.Decode(input.Slice(1, length), section);
            input = input[(1 + length)..];
            Claim.That(decoder.TableSize is >= 0 and <= Http2Protocol.TableBytes, $"a table of {decoder.TableSize} bytes");
            if (!fault.IsNone)
                return;
            Claim.That(section.Fields.Count <= Limits.Fields + 6, $"{section.Fields.Count} fields");
            if (section.FinishRequest() is null && !section.IsTooLarge)
                Again(section, encoder, mirror, second);
        }
    }

    private static void Again(Http2FieldSection section, HpackEncoder encoder, HpackDecoder mirror, Http2FieldSection second)
    {
        var block = new byte[32 * 1024];
        var at = encoder.Begin(block);
        at += HpackEncoder.Method(block.AsSpan(at), section.MethodName.Of(section.Buffer));
        for (var i = 0; i < section.Fields.Count; i++)
            at += encoder.Field(block.AsSpan(at), section.Fields[i]);
        second.Begin(Http2SectionKind.Request, Http1Limits.Default);
        var fault = mirror.Decode(block.AsSpan(0, at), second);
        Claim.That(fault.IsNone && second.Malformed is null, $"what was encoded is decoded; {fault} {second.Malformed}");
        Claim.Same(Describe(section), Describe(second), "after encoding");
    }

    private static string Describe(Http2FieldSection section)
    {
        var text = new StringBuilder();
        text.Append(Encoding.Latin1.GetString(section.MethodName.Of(section.Buffer)));
        for (var i = 0; i < section.Fields.Count; i++)
            text.Append($"\n{Encoding.Latin1.GetString(section.Fields[i].Name)}: {Encoding.Latin1.GetString(section.Fields[i].Value)}");
        return text.ToString();
    }
}

using System.Text;
using Gatehouse.Protocols.Http1;
using Gatehouse.Protocols.Http2;
using Gatehouse.Protocols.Http2.Hpack;

namespace Gatehouse.Protocols.Tests.Http2;

/// <summary>Every field of a block as text, right or wrong.</summary>
internal sealed class FieldList : HpackFieldBuffer
{
    public List<(string Name, string Value)> Fields { get; } = [];

    public static List<(string Name, string Value)> Decode(HpackDecoder decoder, byte[] block, int maxBytes = 1 << 20)
    {
        var list = new FieldList();
        list.BeginBlock(maxBytes, 10_000);
        var fault = decoder.Decode(block, list);
        Assert.True(fault.IsNone, $"{fault}");
        return list.Fields;
    }

    public static Http2Fault FaultOf(HpackDecoder decoder, byte[] block, int maxBytes = 1 << 20)
    {
        var list = new FieldList();
        list.BeginBlock(maxBytes, 10_000);
        return decoder.Decode(block, list);
    }

    public static Http2FieldSection Section(HpackDecoder decoder, ReadOnlySpan<byte> block, Http2SectionKind kind = Http2SectionKind.Request, Http1Limits? limits = null)
    {
        var section = new Http2FieldSection();
        section.Begin(kind, limits ?? Http1Limits.Default);
        var fault = decoder.Decode(block, section);
        Assert.True(fault.IsNone, $"{fault}");
        return section;
    }

    /// <summary>A block of literals without Huffman code or table, as no encoder of ours makes it: for fields that are wrong.</summary>
    public static byte[] Literals(params (string Name, string Value)[] fields)
    {
        var block = new List<byte>();
        foreach (var (name, value) in fields)
        {
            block.Add(0);
            AddString(block, name);
            AddString(block, value);
        }
        return [.. block];
    }

    internal override void Take(Http2FieldKind kind, Http2FieldFaults faults) =>
        Fields.Add((Encoding.Latin1.GetString(FieldName), Encoding.Latin1.GetString(FieldValue)));

    private static void AddString(List<byte> block, string text)
    {
        var length = new byte[HpackInteger.MaxBytes];
        block.AddRange(length[..HpackInteger.Write(length, 7, 0, text.Length)]);
        block.AddRange(Encoding.Latin1.GetBytes(text));
    }
}

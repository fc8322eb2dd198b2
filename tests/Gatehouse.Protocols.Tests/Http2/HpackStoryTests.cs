using System.Text;
using System.Text.Json;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http2;
using Gatehouse.Protocols.Http2.Hpack;
using Gatehouse.Testing;

namespace Gatehouse.Protocols.Tests.Http2;

/// <summary>The stories of hpack-test-case: what fifteen encoders made is decoded, and what ours makes of the same fields comes back.</summary>
public sealed class HpackStoryTests
{
    [Fact]
    public void What_other_encoders_made_is_decoded()
    {
        var blocks = 0;
        foreach (var (name, cases) in Stories())
        {
            var decoder = new HpackDecoder(TableSizeOf(cases));
            foreach (var test in cases.EnumerateArray())
            {
                if (!test.TryGetProperty("wire", out var wire))
                    continue;
                blocks++;
                var fields = FieldList.Decode(decoder, Convert.FromHexString(wire.GetString()!));
                Assert.True(FieldsOf(test).SequenceEqual(fields), $"{name}: {string.Join('\n', fields)}");
            }
        }
        Assert.True(blocks > 1000, $"{blocks} blocks");
    }

    [Fact]
    public void What_this_encoder_makes_is_decoded_and_small()
    {
        long plain = 0, encoded = 0;
        foreach (var (name, cases) in Stories().Where(story => story.Name.Contains("raw-data", StringComparison.Ordinal)))
        {
            var encoder = new HpackEncoder();
            var decoder = new HpackDecoder();
            foreach (var test in cases.EnumerateArray())
            {
                var fields = FieldsOf(test).ToList();
                var block = Encode(encoder, fields);
                Assert.True(fields.SequenceEqual(FieldList.Decode(decoder, block)), name);
                plain += fields.Sum(field => field.Name.Length + field.Value.Length);
                encoded += block.Length;
            }
        }
        // nghttp2 comes to about a third, with every field in the table; ours keeps secrets and what changes out of it.
        Assert.True(encoded < plain * 0.7, $"{encoded} of {plain} bytes");
    }

    private static byte[] Encode(HpackEncoder encoder, List<(string Name, string Value)> fields)
    {
        var to = new byte[64 * 1024];
        var at = encoder.Begin(to);
        foreach (var (name, value) in fields)
        {
            var bytes = Encoding.Latin1.GetBytes(value);
            var room = to.AsSpan(at);
            at += name switch
            {
                ":method" => HpackEncoder.Method(room, bytes),
                ":path" => HpackEncoder.Path(room, bytes),
                ":scheme" => HpackEncoder.Scheme(room, value == "https"),
                ":authority" => encoder.Authority(room, bytes),
                ":status" => HpackEncoder.Status(room, int.Parse(value, System.Globalization.CultureInfo.InvariantCulture)),
                _ => encoder.Field(room, new HeaderField(KnownHeaders.Find(Encoding.Latin1.GetBytes(name)), Encoding.Latin1.GetBytes(name), bytes)),
            };
        }
        return to[..at];
    }

    // The largest size that the story's peer allows; its encoder then says which it uses.
    private static int TableSizeOf(JsonElement cases) =>
        cases.EnumerateArray().Max(test => test.TryGetProperty("header_table_size", out var size) && size.ValueKind == JsonValueKind.Number ? size.GetInt32() : Http2Protocol.TableBytes);

    private static IEnumerable<(string Name, string Value)> FieldsOf(JsonElement test) =>
        test.GetProperty("headers").EnumerateArray().SelectMany(field => field.EnumerateObject()).Select(pair => (pair.Name, pair.Value.GetString()!));

    private static IEnumerable<(string Name, JsonElement Cases)> Stories()
    {
        foreach (var file in Directory.EnumerateFiles(Corpora.Folder("hpack-test-case"), "*.json", SearchOption.AllDirectories))
        {
            using var story = JsonDocument.Parse(File.ReadAllBytes(file));
            yield return (file, story.RootElement.GetProperty("cases"));
        }
    }
}

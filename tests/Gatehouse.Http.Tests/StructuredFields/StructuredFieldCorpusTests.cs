using System.Globalization;
using System.Text;
using System.Text.Json;
using Gatehouse.Http.StructuredFields;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests.StructuredFields;

/// <summary>The cases of the working group (httpwg/structured-field-tests), all of them: where one may fail, we parse.</summary>
public class StructuredFieldCorpusTests
{
    [Fact]
    public void Parses_and_serialises_every_case() => Assert.All(Cases("."), element =>
    {
        var value = Encoding.UTF8.GetBytes(string.Join(", ", element.GetProperty("raw").EnumerateArray().Select(line => line.GetString())));
        var kind = element.GetProperty("header_type").GetString();
        var (isParsed, error, parsed, serialized) = kind switch
        {
            "item" => (StructuredField.TryParseItem(value, out var item, out var reason), reason, item is null ? null : Describe(item),
                item is null ? null : StructuredField.Serialize(item)),
            "list" => (StructuredField.TryParseList(value, out var list, out var reason), reason, list is null ? null : Describe(list),
                list is null ? null : StructuredField.Serialize(list)),
            _ => (StructuredField.TryParseDictionary(value, out var dictionary, out var reason), reason, dictionary is null ? null : Describe(dictionary),
                dictionary is null ? null : StructuredField.Serialize(dictionary)),
        };
        if (element.TryGetProperty("must_fail", out var mustFail) && mustFail.GetBoolean())
        {
            Assert.False(isParsed, Name(element));
            return;
        }
        Assert.True(isParsed, $"{Name(element)}: {error}");
        Assert.Equal($"{Name(element)}: {Describe(Build(element))}", $"{Name(element)}: {parsed}");
        Assert.Equal($"{Name(element)}: {Canonical(element)}", $"{Name(element)}: {serialized}");
    });

    [Fact]
    public void Serialises_or_refuses_every_case() => Assert.All(Cases("serialisation-tests"), element =>
    {
        if (element.TryGetProperty("must_fail", out var mustFail) && mustFail.GetBoolean())
            Assert.ThrowsAny<ArgumentException>(() => Serialize(Build(element)));
        else
            Assert.Equal($"{Name(element)}: {Canonical(element)}", $"{Name(element)}: {Serialize(Build(element))}");
    });

    private static JsonElement[] Cases(string folder)
    {
        var cases = Directory.GetFiles(Path.Combine(Corpora.Folder("structured-field-tests"), folder), "*.json").SelectMany(file =>
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            return document.RootElement.EnumerateArray().Select(element => element.Clone()).ToArray();
        }).ToArray();
        Assert.NotEmpty(cases);
        return cases;
    }

    private static string Name(JsonElement element) => element.GetProperty("name").GetString()!;

    private static string Canonical(JsonElement element)
    {
        var lines = element.TryGetProperty("canonical", out var canonical) ? canonical : element.GetProperty("raw");
        return string.Join(", ", lines.EnumerateArray().Select(line => line.GetString()));
    }

    private static object Build(JsonElement element)
    {
        var expected = element.GetProperty("expected");
        switch (element.GetProperty("header_type").GetString())
        {
            case "item":
                return BuildMember(expected);
            case "list":
                return expected.EnumerateArray().Select(BuildMember).ToList();
            default:
                var dictionary = new OrderedDictionary<string, ItemOrInnerList>();
                foreach (var member in expected.EnumerateArray())
                    dictionary[member[0].GetString()!] = BuildMember(member[1]);
                return dictionary;
        }
    }

    private static ItemOrInnerList BuildMember(JsonElement element)
    {
        ItemOrInnerList member = element[0].ValueKind == JsonValueKind.Array
            ? new InnerList([.. element[0].EnumerateArray().Select(item => (Item)BuildMember(item))]) : new Item(BuildBareItem(element[0]));
        foreach (var parameter in element[1].EnumerateArray())
            member.Parameters[parameter[0].GetString()!] = BuildBareItem(parameter[1]);
        return member;
    }

    private static BareItem BuildBareItem(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => BareItem.FromBoolean(element.GetBoolean()),
        JsonValueKind.String => BareItem.FromString(element.GetString()!),
        JsonValueKind.Number when element.GetRawText().AsSpan().ContainsAny('.', 'e') => BareItem.FromDecimal(element.GetDecimal()),
        JsonValueKind.Number => BareItem.FromInteger(element.GetInt64()),
        _ => element.GetProperty("__type").GetString() switch
        {
            "token" => BareItem.FromToken(element.GetProperty("value").GetString()!),
            "binary" => BareItem.FromByteSequence(FromBase32(element.GetProperty("value").GetString()!)),
            "date" => BareItem.FromDate(element.GetProperty("value").GetInt64()),
            "displaystring" => BareItem.FromDisplayString(element.GetProperty("value").GetString()!),
            var type => throw new InvalidDataException($"There is no type '{type}'."),
        },
    };

    private static byte[] FromBase32(string text)
    {
        var bytes = new List<byte>();
        var (buffer, bits) = (0, 0);
        foreach (var character in text.TrimEnd('='))
        {
            buffer = ((buffer << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(character, StringComparison.Ordinal)) & 0xfff;
            bits += 5;
            if (bits < 8)
                continue;
            bits -= 8;
            bytes.Add((byte)(buffer >> bits));
        }
        return [.. bytes];
    }

    private static string Serialize(object value) => value switch
    {
        Item item => StructuredField.Serialize(item),
        List<ItemOrInnerList> list => StructuredField.Serialize(list),
        _ => StructuredField.Serialize((OrderedDictionary<string, ItemOrInnerList>)value),
    };

    // Written out by hand, so that a fault of the serialiser does not hide one of the parser.
    private static string Describe(object value) => value switch
    {
        OrderedDictionary<string, ItemOrInnerList> dictionary =>
            $"{{{string.Join(", ", dictionary.Select(member => $"{member.Key}: {Describe(member.Value)}"))}}}",
        IReadOnlyList<ItemOrInnerList> list => $"[{string.Join(", ", list.Select(Describe))}]",
        InnerList inner => $"([{string.Join(", ", inner.Items.Select(Describe))}]{DescribeParameters(inner)})",
        Item item => $"({DescribeBareItem(item.Value)}{DescribeParameters(item)})",
        _ => throw new ArgumentException($"{value.GetType()} is no part of a structured field."),
    };

    private static string DescribeParameters(ItemOrInnerList member) =>
        string.Concat(member.Parameters.Select(parameter => $" {parameter.Key}: {DescribeBareItem(parameter.Value)}"));

    private static string DescribeBareItem(BareItem item) => item.Type + " " + item.Type switch
    {
        BareItemType.Integer => item.Integer.ToString(CultureInfo.InvariantCulture),
        BareItemType.Decimal => (item.Decimal / 1.000m).ToString(CultureInfo.InvariantCulture),
        BareItemType.String => item.String,
        BareItemType.Token => item.Token,
        BareItemType.ByteSequence => Convert.ToHexString(item.ByteSequence.Span),
        BareItemType.Boolean => item.Boolean.ToString(),
        BareItemType.Date => item.Date.ToString(CultureInfo.InvariantCulture),
        _ => item.DisplayString,
    };
}

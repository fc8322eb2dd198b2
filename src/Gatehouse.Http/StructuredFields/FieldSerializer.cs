using System.Globalization;
using System.Text;

namespace Gatehouse.Http.StructuredFields;

/// <summary>The algorithms of RFC 9651 section 4.1.</summary>
internal static class FieldSerializer
{
    public static string Serialize(BareItem item)
    {
        var text = new StringBuilder();
        AppendBareItem(text, item);
        return text.ToString();
    }

    public static string Serialize(Item item)
    {
        var text = new StringBuilder();
        AppendMember(text, item);
        return text.ToString();
    }

    public static string Serialize(IEnumerable<ItemOrInnerList> list)
    {
        var text = new StringBuilder();
        foreach (var member in list)
        {
            if (text.Length > 0)
                text.Append(", ");
            AppendMember(text, member);
        }
        return text.ToString();
    }

    public static string Serialize(OrderedDictionary<string, ItemOrInnerList> dictionary)
    {
        var text = new StringBuilder();
        foreach (var (key, member) in dictionary)
        {
            if (text.Length > 0)
                text.Append(", ");
            AppendKey(text, key);
            if (member is Item { Value: { Type: BareItemType.Boolean, Boolean: true } })
            {
                AppendParameters(text, member);
                continue;
            }
            text.Append('=');
            AppendMember(text, member);
        }
        return text.ToString();
    }

    private static void AppendMember(StringBuilder text, ItemOrInnerList member)
    {
        if (member is InnerList list)
        {
            text.Append('(');
            for (var index = 0; index < list.Items.Count; index++)
            {
                if (index > 0)
                    text.Append(' ');
                AppendMember(text, list.Items[index]);
            }
            text.Append(')');
        }
        else
        {
            AppendBareItem(text, ((Item)member).Value);
        }
        AppendParameters(text, member);
    }

    private static void AppendParameters(StringBuilder text, ItemOrInnerList member)
    {
        if (!member.HasParameters)
            return;
        foreach (var (key, value) in member.Parameters)
        {
            text.Append(';');
            AppendKey(text, key);
            if (value is { Type: BareItemType.Boolean, Boolean: true })
                continue;
            text.Append('=');
            AppendBareItem(text, value);
        }
    }

    private static void AppendKey(StringBuilder text, string key)
    {
        if (!FieldSyntax.IsKey(Encoding.UTF8.GetBytes(key)))
            throw new ArgumentException($"A key begins with a-z or '*' and goes on with these, digits, '_', '-' and '.'; '{key}' does not.", nameof(key));
        text.Append(key);
    }

    private static void AppendBareItem(StringBuilder text, BareItem item)
    {
        switch (item.Type)
        {
            case BareItemType.Integer:
                text.Append(CultureInfo.InvariantCulture, $"{item.Integer}");
                break;
            case BareItemType.Decimal:
                text.Append(CultureInfo.InvariantCulture, $"{item.Decimal:0.0##}");
                break;
            case BareItemType.String:
                AppendString(text, item.String);
                break;
            case BareItemType.Token:
                text.Append(item.Token);
                break;
            case BareItemType.ByteSequence:
                text.Append(':').Append(Convert.ToBase64String(item.ByteSequence.Span)).Append(':');
                break;
            case BareItemType.Boolean:
                text.Append(item.Boolean ? "?1" : "?0");
                break;
            case BareItemType.Date:
                text.Append(CultureInfo.InvariantCulture, $"@{item.Date}");
                break;
            case BareItemType.DisplayString:
                AppendDisplayString(text, item.DisplayString);
                break;
            default:
                throw new ArgumentException($"There is no type {item.Type}.", nameof(item));
        }
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var character in value)
        {
            if (character is '"' or '\\')
                text.Append('\\');
            text.Append(character);
        }
        text.Append('"');
    }

    // Section 4.1.11: "%", DQUOTE and what is not printable ASCII as %xx, digits in lower case.
    private static void AppendDisplayString(StringBuilder text, string value)
    {
        text.Append("%\"");
        foreach (var octet in Encoding.UTF8.GetBytes(value))
        {
            if (octet is (byte)'%' or (byte)'"' or < 0x20 or > 0x7e)
                text.Append(CultureInfo.InvariantCulture, $"%{octet:x2}");
            else
                text.Append((char)octet);
        }
        text.Append('"');
    }
}

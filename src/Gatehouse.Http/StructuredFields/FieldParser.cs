using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Gatehouse.Http.StructuredFields;

/// <summary>
/// The algorithms of RFC 9651 section 4.2 for what holds bare items. Each method reads one thing where the parser stands; once one is false, the parser is of
/// no more use.
/// </summary>
internal ref struct FieldParser(ReadOnlySpan<byte> text)
{
    private BareItemParser _bare = new(text);

    /// <summary>What was expected, what was found, and where.</summary>
    public readonly string Error => _bare.Error;

    /// <summary>Nothing but spaces is left.</summary>
    public bool TryEnd()
    {
        _bare.SkipSpaces();
        return _bare.IsAtEnd || _bare.Fail("the end of the field");
    }

    /// <summary>The value of a field that is one item.</summary>
    public bool TrySingleItem([NotNullWhen(true)] out Item? item)
    {
        _bare.SkipSpaces();
        return TryItem(out item);
    }

    // sf-item = bare-item parameters
    private bool TryItem([NotNullWhen(true)] out Item? item)
    {
        item = null;
        if (!_bare.TryBareItem(out var value))
            return false;
        item = new Item(value);
        return TryParameters(item);
    }

    // sf-list = list-member *( OWS "," OWS list-member )
    public bool TryList([NotNullWhen(true)] out IReadOnlyList<ItemOrInnerList>? list)
    {
        var members = new List<ItemOrInnerList>();
        list = members;
        _bare.SkipSpaces();
        while (!_bare.IsAtEnd)
        {
            if (!TryMember(out var member))
                return false;
            members.Add(member);
            if (!TryNextMember(out var isLast))
                return false;
            if (isLast)
                break;
        }
        return true;
    }

    // sf-dictionary = dict-member *( OWS "," OWS dict-member ), dict-member = member-key ( parameters / ( "=" member-value ) )
    public bool TryDictionary([NotNullWhen(true)] out OrderedDictionary<string, ItemOrInnerList>? dictionary)
    {
        dictionary = [];
        _bare.SkipSpaces();
        while (!_bare.IsAtEnd)
        {
            if (!TryKey(out var key))
                return false;
            ItemOrInnerList? member;
            if (_bare.TryTake('='))
            {
                if (!TryMember(out member))
                    return false;
            }
            else
            {
                member = new Item(BareItem.FromBoolean(true));
                if (!TryParameters(member))
                    return false;
            }
            dictionary[key] = member;
            if (!TryNextMember(out var isLast))
                return false;
            if (isLast)
                break;
        }
        return true;
    }

    // A comma must have a member behind it.
    private bool TryNextMember(out bool isLast)
    {
        _bare.SkipWhitespace();
        isLast = _bare.IsAtEnd;
        if (isLast)
            return true;
        if (!_bare.TryTake(','))
            return _bare.Fail("a comma");
        _bare.SkipWhitespace();
        return !_bare.IsAtEnd || _bare.Fail("another member behind the comma");
    }

    private bool TryMember([NotNullWhen(true)] out ItemOrInnerList? member)
    {
        bool isParsed;
        if (_bare.TryTake('('))
        {
            isParsed = TryInnerList(out var list);
            member = list;
        }
        else
        {
            isParsed = TryItem(out var item);
            member = item;
        }
        return isParsed && member is not null;
    }

    // inner-list = "(" *SP [ sf-item *( 1*SP sf-item ) *SP ] ")" parameters
    private bool TryInnerList(out InnerList? list)
    {
        list = null;
        var items = new List<Item>();
        while (true)
        {
            _bare.SkipSpaces();
            if (_bare.TryTake(')'))
                break;
            if (!TryItem(out var item))
                return false;
            items.Add(item);
            if (!_bare.IsAt(' ') && !_bare.IsAt(')'))
                return _bare.Fail("a space or ')' in the inner list");
        }
        list = new InnerList(items);
        return TryParameters(list);
    }

    // parameters = *( ";" *SP parameter ), parameter = param-key [ "=" param-value ]
    private bool TryParameters(ItemOrInnerList member)
    {
        while (_bare.TryTake(';'))
        {
            _bare.SkipSpaces();
            if (!TryKey(out var key))
                return false;
            var value = BareItem.FromBoolean(true);
            if (_bare.TryTake('=') && !_bare.TryBareItem(out value))
                return false;
            member.Parameters[key] = value;
        }
        return true;
    }

    private bool TryKey([NotNullWhen(true)] out string? key)
    {
        var length = FieldSyntax.KeyLength(_bare.Rest);
        key = length == 0 ? null : Encoding.ASCII.GetString(_bare.Take(length));
        return key is not null || _bare.Fail("a key that begins with a-z or '*'");
    }
}

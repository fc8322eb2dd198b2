using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Http1;

/// <summary>
/// Follows the extensions of one chunk byte by byte and holds them to their grammar (RFC 9112 section 7.1.1); their content is ignored:
/// <code>
/// chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS ( token / quoted-string ) ] )
/// </code>
/// </summary>
internal struct ChunkExtension
{
    private int _bytes;
    private State _state;

    private enum State : byte
    {
        BeforeSemicolon,
        BeforeName,
        Name,
        BehindName,
        BeforeValue,
        Token,
        Quoted,
        Escaped,
        BehindQuoted,
    }

    /// <summary>Takes one byte. Returns the fault or null; <paramref name="ended"/> at the CR that ends the line.</summary>
    public string? Step(byte next, int limit, out bool ended)
    {
        ended = next == '\r' && _state is State.Name or State.Token or State.BehindQuoted;
        if (ended)
            return null;
        if (++_bytes > limit)
            return "chunk extensions are longer than the limit (RFC 9112 section 7.1.1)";
        var follower = Follow(next);
        if (follower is null)
            return "malformed chunk extension (RFC 9112 section 7.1.1)";
        _state = follower.Value;
        return null;
    }

    private readonly State? Follow(byte next)
    {
        var isSpace = next is (byte)' ' or (byte)'\t';
        switch (_state)
        {
            case State.BeforeSemicolon:
                return next == ';' ? State.BeforeName : isSpace ? State.BeforeSemicolon : null;
            case State.BeforeName:
                return isSpace ? State.BeforeName : IsToken(next) ? State.Name : null;
            case State.Name:
                return IsToken(next) ? State.Name : BehindName(next, isSpace);
            case State.BehindName:
                return BehindName(next, isSpace);
            case State.BeforeValue:
                return isSpace ? State.BeforeValue : next == '"' ? State.Quoted : IsToken(next) ? State.Token : null;
            case State.Token:
                return IsToken(next) ? State.Token : next == ';' ? State.BeforeName : isSpace ? State.BeforeSemicolon : null;
            case State.Quoted:
                return next == '"' ? State.BehindQuoted : next == '\\' ? State.Escaped : IsText(next) ? State.Quoted : null;
            case State.Escaped:
                return IsText(next) ? State.Quoted : null;
            default:
                return next == ';' ? State.BeforeName : isSpace ? State.BeforeSemicolon : null;
        }
    }

    private static State? BehindName(byte next, bool isSpace) =>
        next == '=' ? State.BeforeValue : next == ';' ? State.BeforeName : isSpace ? State.BehindName : null;

    private static bool IsToken(byte next) => HeaderSyntax.IsToken(new ReadOnlySpan<byte>(in next));

    private static bool IsText(byte next) => next is (byte)'\t' or >= 0x20 and not 0x7F;
}

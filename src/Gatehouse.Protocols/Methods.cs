namespace Gatehouse.Protocols;

/// <summary>From the token of a method to its <see cref="Method"/> and back.</summary>
public static class Methods
{
    /// <summary>The method of that token, compared with case (RFC 9110 section 9.1); <see cref="Method.Other"/> for any other bytes.</summary>
    public static Method Find(ReadOnlySpan<byte> token)
    {
        switch (token.Length)
        {
            case 3:
                return token.SequenceEqual("GET"u8) ? Method.Get : token.SequenceEqual("PUT"u8) ? Method.Put : Method.Other;
            case 4:
                return token.SequenceEqual("POST"u8) ? Method.Post : token.SequenceEqual("HEAD"u8) ? Method.Head : Method.Other;
            case 5:
                return token.SequenceEqual("PATCH"u8) ? Method.Patch : token.SequenceEqual("TRACE"u8) ? Method.Trace : Method.Other;
            case 6:
                return token.SequenceEqual("DELETE"u8) ? Method.Delete : Method.Other;
            case 7:
                return token.SequenceEqual("OPTIONS"u8) ? Method.Options : token.SequenceEqual("CONNECT"u8) ? Method.Connect : Method.Other;
            default:
                return Method.Other;
        }
    }

    /// <summary>The token of a known method; empty for <see cref="Method.Other"/>, whose token only the message has.</summary>
    public static ReadOnlySpan<byte> Name(Method method) => method switch
    {
        Method.Get => "GET"u8,
        Method.Head => "HEAD"u8,
        Method.Post => "POST"u8,
        Method.Put => "PUT"u8,
        Method.Delete => "DELETE"u8,
        Method.Connect => "CONNECT"u8,
        Method.Options => "OPTIONS"u8,
        Method.Trace => "TRACE"u8,
        Method.Patch => "PATCH"u8,
        _ => default,
    };
}

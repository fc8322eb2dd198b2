using System.Text;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Web;

/// <summary>What the Content-Type of a request says.</summary>
internal static class BodyKind
{
    public const int Other = 0;
    public const int Form = 1;
    public const int Json = 2;

    public static int Of(Request request)
    {
        if (!request.Headers.TryGet(KnownHeader.ContentType, out var field))
            return Other;
        var semicolon = field.IndexOf((byte)';');
        var type = (semicolon < 0 ? field : field[..semicolon]).TrimEnd(" \t"u8);
        if (Ascii.EqualsIgnoreCase(type, "application/x-www-form-urlencoded"u8) || Ascii.EqualsIgnoreCase(type, "multipart/form-data"u8))
            return Form;
        return Ascii.EqualsIgnoreCase(type, "application/json"u8) || (type.Length > 5 && Ascii.EqualsIgnoreCase(type[^5..], "+json"u8)) ? Json : Other;
    }
}

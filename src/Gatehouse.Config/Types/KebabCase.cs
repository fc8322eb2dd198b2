using System.Text;

namespace Gatehouse.Config.Types;

/// <summary>Names of C# as a configuration writes them.</summary>
internal static class KebabCase
{
    /// <summary><c>ClientCa</c> is client-ca, <c>UseHTTPProxy</c> use-http-proxy.</summary>
    public static string Of(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = i > 0 && char.IsAsciiLetterUpper(name[i])
                && (!char.IsAsciiLetterUpper(name[i - 1]) || (i + 1 < name.Length && char.IsAsciiLetterLower(name[i + 1])));
            if (startsWord)
                text.Append('-');
            text.Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }
}

using System.Text;
using Gatehouse.Http.Client;
using Gatehouse.Http.Content;

namespace Gatehouse.Tools.Get;

/// <summary>curl's -F: NAME=VALUE, NAME=@FILE, NAME=&lt;FILE, with ;type= and ;filename= behind a file.</summary>
internal static class FormParts
{
    public static RequestBody Read(IEnumerable<string> parts)
    {
        var form = new MultipartBody();
        foreach (var part in parts)
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new ToolException($"-F: found '{part}', expected NAME=VALUE or NAME=@FILE");
            var (name, value) = (part[..equals], part[(equals + 1)..]);
            if (value.StartsWith('@'))
                AddFile(form, name, value[1..].Split(';'));
            else if (value.StartsWith('<'))
                form.AddField(name, Encoding.UTF8.GetString(DataParts.ReadFile(value[1..])));
            else
                form.AddField(name, value);
        }
        return form;
    }

    private static void AddFile(MultipartBody form, string name, string[] parts)
    {
        var (file, type, shown) = (parts[0], (string?)null, (string?)null);
        foreach (var parameter in parts.Skip(1))
        {
            if (parameter.StartsWith("type=", StringComparison.Ordinal))
                type = parameter[5..];
            else if (parameter.StartsWith("filename=", StringComparison.Ordinal))
                shown = parameter[9..];
            else
                throw new ToolException($"-F: found ';{parameter}' behind a file, expected ;type= or ;filename=");
        }
        type ??= Encoding.ASCII.GetString(MediaTypes.OfFile(Encoding.UTF8.GetBytes(shown ?? file)));
        if (shown is null && file != "-")
        {
            try
            {
                form.AddFile(name, file, type);
                return;
            }
            catch (FileNotFoundException exception)
            {
                throw new ToolException(CurlCode.ReadFailed, exception.Message, exception);
            }
        }
        form.AddFile(name, shown ?? "-", type, DataParts.ReadFile(file));
    }
}

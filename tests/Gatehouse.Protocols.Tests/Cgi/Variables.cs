using System.Text;
using Gatehouse.Protocols.Cgi;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Tests.Cgi;

/// <summary>Tables of variables and fields for tests.</summary>
internal static class Variables
{
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    public static CgiVariables Of(params (string Name, string Value)[] variables)
    {
        var table = new CgiVariables();
        foreach (var (name, value) in variables)
            table.Add(Bytes(name), Bytes(value));
        return table;
    }

    public static (string Name, string Value)[] List(CgiVariables table)
    {
        var list = new (string, string)[table.Count];
        var bytes = 0;
        for (var i = 0; i < table.Count; i++)
        {
            list[i] = (Text(table[i].Name), Text(table[i].Value));
            bytes += table[i].Name.Length + table[i].Value.Length;
        }
        Assert.Equal(bytes, table.Bytes);
        return list;
    }

    public static HeaderTable Fields(params (string Name, string Value)[] fields)
    {
        var buffer = Bytes(string.Concat(fields.Select(field => field.Name + field.Value)));
        var table = new HeaderTable();
        table.Reset(buffer);
        var at = 0;
        foreach (var (name, value) in fields)
        {
            table.Add(KnownHeaders.Find(buffer.AsSpan(at, name.Length)), at, name.Length, at + name.Length, value.Length);
            at += name.Length + value.Length;
        }
        return table;
    }
}

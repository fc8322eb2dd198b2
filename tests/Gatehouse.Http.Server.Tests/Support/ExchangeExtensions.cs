using System.Text;

namespace Gatehouse.Http.Server.Tests.Support;

/// <summary>What the handlers of many tests do.</summary>
internal static class ExchangeExtensions
{
    public static string Path(this Exchange exchange) => Encoding.UTF8.GetString(exchange.Request.Path);

    public static ValueTask SendText(this Exchange exchange, string text) => exchange.SendAsync(Encoding.Latin1.GetBytes(text));

    public static ValueTask WriteText(this Exchange exchange, string text) => exchange.WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Reads the whole body by pieces of <paramref name="size"/> bytes at most.</summary>
    public static async ValueTask<byte[]> ReadBody(this Exchange exchange, int size = 1024)
    {
        using var body = new MemoryStream();
        var buffer = new byte[size];
        int count;
        while ((count = await exchange.ReadAsync(buffer)) > 0)
            body.Write(buffer, 0, count);
        return body.ToArray();
    }

    /// <summary>Bytes that differ from place to place.</summary>
    public static byte[] Pattern(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = (byte)((i * 7) + (i >> 8));
        return bytes;
    }
}

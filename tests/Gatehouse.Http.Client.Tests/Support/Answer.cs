using System.Text;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Client.Tests.Support;

/// <summary>A response as the connection gave it; texts are Latin-1, fields are 'Name: value'.</summary>
internal sealed record Answer(string Interims, int Status, string Reason, string Fields, string Body, string Trailers, bool IsReused)
{
    /// <summary>Reads a whole response. On the reactor.</summary>
    public static async Task<Answer> ReadAsync(Http1ClientConnection connection, Method method, int bufferSize = 4096)
    {
        var interims = new List<int>();
        var response = connection.Response;
        await connection.ReadHeadAsync();
        while (response.IsInterim)
        {
            interims.Add(response.Status);
            connection.NextHead(method);
            await connection.ReadHeadAsync();
        }
        var reason = Encoding.Latin1.GetString(connection.HeadBuffer.AsSpan(response.Reason.Start, response.Reason.Length));
        var body = new StringBuilder();
        var buffer = new byte[bufferSize];
        if (connection.TryTakeWhole(out var whole))
            body.Append(Encoding.Latin1.GetString(whole.Span));
        int count;
        while ((count = await connection.ReadBodyAsync(buffer)) > 0)
            body.Append(Encoding.Latin1.GetString(buffer.AsSpan(0, count)));
        // After the body, so that a head which has moved meanwhile is read where it is now.
        return new Answer(
            string.Join(',', interims),
            response.Status,
            reason,
            Show(response.Headers),
            body.ToString(),
            connection.Trailers is { } trailers ? Show(trailers) : "",
            connection.IsReused);
    }

    private static string Show(HeaderTable table)
    {
        var text = new StringBuilder();
        for (var i = 0; i < table.Count; i++)
            text.Append(Encoding.Latin1.GetString(table[i].Name)).Append(": ").Append(Encoding.Latin1.GetString(table[i].Value)).Append('\n');
        return text.ToString();
    }
}

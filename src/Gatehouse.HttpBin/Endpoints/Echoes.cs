using Gatehouse.HttpBin.Requests;

namespace Gatehouse.HttpBin.Endpoints;

/// <summary>Answers that show the request.</summary>
internal static class Echoes
{
    private const RequestParts Head = RequestParts.Args | RequestParts.Headers | RequestParts.Origin | RequestParts.Url;

    public static ValueTask Get(BinCall call) => call.SendJsonAsync(RequestJson.Of(call, Head));

    public static async ValueTask WithBody(BinCall call) =>
        await call.SendJsonAsync(RequestJson.Of(call, Head | RequestParts.Body | RequestParts.Json, await RequestBody.ReadAsync(call.Exchange)));

    public static async ValueTask Anything(BinCall call) => await call.SendJsonAsync(
        RequestJson.Of(call, Head | RequestParts.Method | RequestParts.Body | RequestParts.Json, await RequestBody.ReadAsync(call.Exchange)));

    public static ValueTask Headers(BinCall call) => call.SendJsonAsync(RequestJson.Of(call, RequestParts.Headers));

    public static ValueTask Ip(BinCall call) => call.SendJsonAsync(RequestJson.Of(call, RequestParts.Origin));

    public static ValueTask UserAgent(BinCall call) =>
        call.SendJsonAsync(RequestJson.Document(writer => writer.WriteString("user-agent", call.Header("User-Agent"))));
}

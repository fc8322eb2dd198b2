using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.HttpBin.Requests;

namespace Gatehouse.HttpBin.Inspector;

/// <summary>A request that the inspector keeps, as one line of JSON.</summary>
/// <param name="Number">Its place among all that came, from 1.</param>
/// <param name="Json">What is shown of it.</param>
internal sealed record InspectedRequest(long Number, byte[] Json)
{
    /// <summary>Bytes of a body that are kept; that there were more is said.</summary>
    public const int MaxBody = 16 * 1024;

    private static readonly JsonWriterOptions OnOneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static InspectedRequest Of(Exchange exchange, long number, string method, byte[] body)
    {
        var request = exchange.Request;
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, OnOneLine))
        {
            writer.WriteStartObject();
            writer.WriteNumber("number", number);
            writer.WriteString("time", DateTimeOffset.UtcNow);
            writer.WriteString("client", request.Client.IsUnix ? request.Client.ToString() : request.Client.Address.ToString());
            writer.WriteString("method", method);
            writer.WriteString("target", Encoding.Latin1.GetString(request.Target));
            writer.WriteString("protocol", request.Version switch { HttpVersion.Http2 => "HTTP/2", HttpVersion.Http10 => "HTTP/1.0", _ => "HTTP/1.1" });
            writer.WriteStartArray("headers");
            for (var i = 0; i < request.Headers.Count; i++)
            {
                var field = request.Headers[i];
                writer.WriteStartArray();
                writer.WriteStringValue(Encoding.Latin1.GetString(field.Name));
                writer.WriteStringValue(Encoding.Latin1.GetString(field.Value));
                writer.WriteEndArray();
            }
            writer.WriteEndArray();
            writer.WriteNumber("length", body.Length);
            writer.WriteString("body", RequestBody.Text(body.AsSpan(0, Math.Min(body.Length, MaxBody))));
            writer.WriteEndObject();
        }
        return new InspectedRequest(number, output.WrittenSpan.ToArray());
    }
}

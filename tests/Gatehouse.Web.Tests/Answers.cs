using System.Net;
using System.Text.Json;

namespace Gatehouse.Web.Tests;

/// <summary>What tests ask of answers.</summary>
internal static class Answers
{
    /// <summary>The body as text, of an answer that must have the status.</summary>
    public static async Task<string> TextAsync(this HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"expected {status}, found {answer.StatusCode}: {text}");
        return text;
    }

    /// <summary>The fields that a problem document names, each with its first message.</summary>
    public static async Task<Dictionary<string, string>> ErrorsAsync(this HttpResponseMessage answer)
    {
        var text = await answer.TextAsync(HttpStatusCode.BadRequest);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var document = JsonDocument.Parse(text);
        Assert.Equal(400, document.RootElement.GetProperty("status").GetInt32());
        return document.RootElement.GetProperty("errors").EnumerateObject().ToDictionary(field => field.Name, field => field.Value[0].GetString()!);
    }

    public static Task<HttpResponseMessage> PostFormAsync(this HttpClient client, string path, params (string Name, string Value)[] fields) =>
        client.PostAsync(path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    public static Task<HttpResponseMessage> PostJsonAsync(this HttpClient client, string path, string json) =>
        client.PostAsync(path, new StringContent(json, System.Text.Encoding.UTF8, "application/json"));

    public static Task<HttpResponseMessage> SendAsync(this HttpClient client, string method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return client.SendAsync(request);
    }
}

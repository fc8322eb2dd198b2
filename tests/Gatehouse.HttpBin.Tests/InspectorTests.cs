using System.Text;
using System.Text.Json;

namespace Gatehouse.HttpBin.Tests;

public sealed class InspectorTests(BinServer server) : IClassFixture<BinServer>
{
    [Fact]
    public void What_is_sent_is_kept_and_shown()
    {
        BinServer.Send(server.Port, "POST", "/inspect/a/hook?x=1", "name=<b>"u8.ToArray(), "X-Key: <script>");
        BinServer.Send(server.Port, "GET", "/inspect/a");
        var list = List("a");
        Assert.Equal(2, list.Count);
        Assert.Equal("POST", list[0].GetProperty("method").GetString());
        Assert.Equal("/inspect/a/hook?x=1", list[0].GetProperty("target").GetString());
        Assert.Equal("name=<b>", list[0].GetProperty("body").GetString());
        Assert.Contains(list[0].GetProperty("headers").EnumerateArray(), field => field[0].GetString() == "X-Key" && field[1].GetString() == "<script>");
        Assert.Equal("GET", list[1].GetProperty("method").GetString());
        Assert.Empty(List("b"));
    }

    [Fact]
    public void The_page_is_for_browsers_and_no_other_origin_may_read()
    {
        var page = server.Send("GET", "/inspect/c", "Accept: text/html,*/*", "Origin: https://evil.test");
        Assert.Equal("text/html; charset=utf-8", page["Content-Type"]);
        Assert.Null(page["Access-Control-Allow-Origin"]);
        Assert.DoesNotContain("innerHTML", page.Text, StringComparison.Ordinal);
        Assert.Null(server.Send("GET", "/inspect/c", "Accept: application/json", "Origin: https://evil.test")["Access-Control-Allow-Origin"]);
        Assert.Empty(List("c"));
    }

    [Fact]
    public void The_last_are_kept_with_the_beginning_of_a_long_body()
    {
        for (var i = 0; i < Inspector.RequestList.MaxRequests + 3; i++)
            BinServer.Send(server.Port, "PUT", $"/inspect/d/{i}", new byte[20_000].Select(_ => (byte)'x').ToArray());
        var list = List("d");
        Assert.Equal(Inspector.RequestList.MaxRequests, list.Count);
        Assert.Equal("/inspect/d/3", list[0].GetProperty("target").GetString());
        Assert.Equal(20_000, list[0].GetProperty("length").GetInt32());
        Assert.Equal(Inspector.InspectedRequest.MaxBody, list[0].GetProperty("body").GetString()!.Length);
    }

    [Fact]
    public void A_viewer_sees_requests_as_they_come()
    {
        BinServer.Send(server.Port, "POST", "/inspect/e/before", [1]);
        using var viewer = RawClient.Connect(server.Port);
        viewer.Send("GET /inspect/e HTTP/1.1\r\nHost: bin.test\r\nAccept: text/event-stream\r\n\r\n");
        Assert.Contains("text/event-stream", Encoding.ASCII.GetString(viewer.ReadThrough("\r\n\r\n"u8)), StringComparison.Ordinal);
        Assert.Contains("/inspect/e/before", Event(viewer), StringComparison.Ordinal);
        BinServer.Send(server.Port, "POST", "/inspect/e/live", [1]);
        Assert.Contains("/inspect/e/live", Event(viewer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/inspect/")]
    [InlineData("/inspect/a%20b")]
    [InlineData("/inspect/%3Cscript%3E")]
    public void A_name_is_letters_digits_dots_hyphens_and_underscores(string target) => Assert.Equal(404, server.Send("GET", target).Status);

    private static string Event(RawClient viewer)
    {
        viewer.ReadThrough("data: "u8);
        return Encoding.UTF8.GetString(viewer.ReadThrough("\n\n"u8));
    }

    private List<JsonElement> List(string name) =>
        [.. JsonDocument.Parse(server.Send("GET", $"/inspect/{name}", "Accept: application/json").Body).RootElement.EnumerateArray()];
}

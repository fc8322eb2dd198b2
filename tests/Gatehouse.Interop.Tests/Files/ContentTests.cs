namespace Gatehouse.Interop.Tests.Files;

/// <summary>Whole files: types, lengths, bytes, indexes, listings.</summary>
public sealed class ContentTests(FilesServer files) : IClassFixture<FilesServer>
{
    private readonly Served _served = files.Served;

    [Theory]
    [InlineData("page.html", "text/html; charset=utf-8")]
    [InlineData("style.css", "text/css; charset=utf-8")]
    [InlineData("script.js", "text/javascript; charset=utf-8")]
    [InlineData("notes.txt", "text/plain; charset=utf-8")]
    [InlineData("data.json", "application/json; charset=utf-8")]
    [InlineData("picture.svg", "image/svg+xml; charset=utf-8")]
    [InlineData("photo.png", "image/png")]
    [InlineData("binary.unknown-type", "application/octet-stream")]
    public void A_file_has_its_media_type(string name, string type)
    {
        var answer = _served.Get("/" + name);
        Assert.Equal((200, $"content of {name}", type), (answer.Status, answer.Text, answer["Content-Type"]));
        Assert.Equal($"{answer.Body.Length}", answer["Content-Length"]);
        Assert.Equal("bytes", answer["Accept-Ranges"]);
        Assert.NotNull(answer["Date"]);
    }

    [Theory]
    [InlineData("/with%20space.txt", "space")]
    [InlineData("/%C3%BCber.txt", "umlaut")]
    [InlineData("/100%25.txt", "percent")]
    [InlineData("/a:b.txt", "colon")]
    [InlineData("/%74%65n.txt", "0123456789")]
    [InlineData("/bare/../ten.txt", "0123456789")]
    [InlineData("/./bare/.//../ten.txt", "0123456789")]
    [InlineData("//ten.txt", "0123456789")]
    [InlineData("/ten.txt?a=b&c=../..", "0123456789")]
    [InlineData("/link-inside.txt", "0123456789")]
    [InlineData("/bare%2Ffile.txt", "in a folder without index")]
    [InlineData("http://test.example/ten.txt", "0123456789")]
    public void A_name_is_found_in_each_spelling(string target, string content)
    {
        var answer = _served.Get(target);
        Assert.Equal((200, content), (answer.Status, answer.Text));
    }

    [Fact]
    public void A_large_file_comes_byte_for_byte()
    {
        Noise.AssertSame(files.Big, _served.Get("/big.bin").Body);
        using var folder = new TempFolder();
        PeerProcess.Run("curl", ["-sS", "--fail", "-o", folder["got"], new Uri(_served.Root, "big.bin").ToString()]).Expect(0);
        Noise.AssertSame(files.Big, File.ReadAllBytes(folder["got"]));
    }

    [Fact]
    public void An_empty_file_is_an_empty_body()
    {
        using var client = _served.Connect();
        for (var i = 0; i < 2; i++)
        {
            client.Send(Served.Head("GET", "/empty.txt"));
            var answer = client.ReadResponse();
            Assert.Equal((200, "0", 0), (answer.Status, answer["Content-Length"], answer.Body.Length));
        }
    }

    [Theory]
    [InlineData("/ten.txt", "10")]
    [InlineData("/big.bin", "10485760")]
    [InlineData("/sparse.bin", "5368709120")]
    [InlineData("/empty.txt", "0")]
    public void Head_has_the_fields_of_get_and_no_body(string target, string length)
    {
        using var client = _served.Connect();
        client.Send(Served.Head("HEAD", target));
        var head = client.ReadResponse(toHead: true);
        Assert.Equal((200, length), (head.Status, head["Content-Length"]));
        Assert.NotNull(head["ETag"]);
        Assert.NotNull(head["Last-Modified"]);
        client.Send(Served.Head("GET", "/ten.txt"));
        Assert.Equal("0123456789", client.ReadResponse().Text);
    }

    [Theory]
    [InlineData("/", "<p>index")]
    [InlineData("/folder/", "<p>folder")]
    public void A_folder_is_its_index(string target, string content)
    {
        var answer = _served.Get(target);
        Assert.Equal((200, content, "text/html; charset=utf-8"), (answer.Status, answer.Text, answer["Content-Type"]));
    }

    [Theory]
    [InlineData("/folder", "/folder/")]
    [InlineData("/folder?a=1&b=%20", "/folder/?a=1&b=%20")]
    [InlineData("/bare", "/bare/")]
    [InlineData("//folder", "/folder/")]
    [InlineData("/list/folder", "/list/folder/")]
    public void A_folder_without_slash_gets_one(string target, string location)
    {
        var answer = _served.Get(target);
        Assert.Equal((308, location), (answer.Status, answer["Location"]));
    }

    [Theory]
    [InlineData("/bare/")]
    [InlineData("/nothing.txt")]
    [InlineData("/ten.txt/")]
    [InlineData("/ten.txt/more")]
    [InlineData("/fifo")]
    [InlineData("/.env")]
    [InlineData("/.git/config")]
    [InlineData("/%2Eenv")]
    [InlineData("/.git/")]
    [InlineData("/folder/.htpasswd")]
    [InlineData("/link-outside.txt")]
    [InlineData("/link-absolute.txt")]
    [InlineData("/link-up/secret.txt")]
    [InlineData("/link-loop")]
    [InlineData("/list/.env")]
    [InlineData("/spa/.env")]
    public void What_must_not_be_seen_is_404(string target)
    {
        var answer = _served.Get(target);
        Assert.Equal(404, answer.Status);
        Assert.DoesNotContain(FilesServer.Secret, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Hidden_files_are_served_where_the_route_says_so_and_well_known_always()
    {
        Assert.Equal(200, _served.Get("/.well-known/security.txt").Status);
        Assert.Equal(FilesServer.Secret, _served.Get("/hidden/.env").Text);
        Assert.Equal(404, _served.Get("/hidden/link-outside.txt").Status);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("BREW")]
    public void Other_methods_are_405(string method)
    {
        var answer = _served.Request(method, "/ten.txt", "Content-Length: 0");
        Assert.Equal((405, "GET, HEAD"), (answer.Status, answer["Allow"]));
    }

    [Fact]
    public void A_listing_names_what_is_there_encoded_for_where_it_stands()
    {
        var page = _served.Get("/list/bare/");
        Assert.Equal((200, "text/html; charset=utf-8"), (page.Status, page["Content-Type"]));
        Assert.Contains("<a href=\"./sub/\">sub/</a>", page.Text, StringComparison.Ordinal);
        Assert.Contains("<a href=\"./file.txt\">file.txt</a>", page.Text, StringComparison.Ordinal);
        Assert.Contains("<a href=\"./%3Cb%3E%26%22.txt\">&lt;b&gt;&amp;&quot;.txt</a>", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page.Text, StringComparison.Ordinal);
        Assert.Equal("a name to be encoded", _served.Get("/list/bare/%3Cb%3E%26%22.txt").Text);
    }

    [Fact]
    public void A_listing_is_json_for_who_prefers_it()
    {
        var list = _served.Get("/list/bare/", "Accept: application/json");
        Assert.Equal((200, "application/json"), (list.Status, list["Content-Type"]));
        using var json = System.Text.Json.JsonDocument.Parse(list.Body);
        string[] names = [.. json.RootElement.EnumerateArray().Select(entry => $"{entry.GetProperty("type")} {entry.GetProperty("name")} {entry.GetProperty("size").GetInt64() > 0}")];
        Assert.Equal("folder sub", names[0][..10]);
        Assert.Contains("file file.txt True", names);
        Assert.DoesNotContain(".env", _served.Get("/list/", "Accept: application/json").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/spa/app.js", "app()")]
    [InlineData("/spa/", "<p>application")]
    [InlineData("/spa/settings/profile", "<p>application")]
    [InlineData("/spa/settings/", "<p>application")]
    public void An_application_gets_its_page_for_paths_that_are_no_files(string target, string content)
    {
        var answer = _served.Get(target);
        Assert.Equal((200, content), (answer.Status, answer.Text));
    }

    [Fact]
    public void A_missing_root_is_503_until_it_is_there()
    {
        Assert.Equal(503, _served.Get("/missing/a.txt").Status);
        _served.Process.WaitForOutput("missing");
        _served.Folder.Write("missing/a.txt", "here now");
        Assert.Equal("here now", _served.Get("/missing/a.txt").Text);
    }
}

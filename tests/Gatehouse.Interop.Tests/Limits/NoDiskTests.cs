namespace Gatehouse.Interop.Tests.Limits;

/// <summary>No room on the disk for bodies that do not fit into memory: who needs it is told so, or waits for the other side; others notice nothing.</summary>
public sealed class NoDiskTests
{
    private static readonly byte[] Twenty = Noise.Bytes(20 << 20);

    // What is not a folder holds no files, whoever asks.
    private static readonly Dictionary<string, string?> NoFolder = new() { ["TMPDIR"] = "/dev/null" };

    [Fact]
    public void A_request_that_cannot_be_kept_is_503_with_its_reason()
    {
        using var upstream = ScriptedUpstream.Answering(request => Answer.Ok($"{request.Body.Length}"));
        using var served = Served.Start(Served.Proxy(upstream.Address, "buffer-memory: 64KB"), environment: NoFolder);
        Assert.Equal("60000", served.Send("POST", "/", Noise.Bytes(60_000)).Text);
        Assert.Equal(503, served.Send("POST", "/", Noise.Bytes(200_000)).Status);
        served.Process.WaitForOutput("503: the request's body cannot be kept on disk");
        Assert.Equal("60000", served.Send("POST", "/", Noise.Bytes(60_000)).Text);
    }

    [Fact]
    public void An_answer_that_cannot_be_kept_waits_at_the_upstream()
    {
        using var upstream = ScriptedUpstream.Answering(request => request.Path == "/big" ? Answer.Of(200, Twenty) : Answer.Ok("small"));
        using var served = Served.Start(Served.Proxy(upstream.Address, "buffer-memory: 64KB"), environment: NoFolder);
        using var slow = served.Connect();
        slow.Send(Served.Head("GET", "/big"));
        Thread.Sleep(500);
        Assert.Equal("small", served.Get("/").Text);
        Noise.AssertSame(Twenty, slow.ReadResponse().Body);
    }
}

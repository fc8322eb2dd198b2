using System.Diagnostics;
using System.Text;
using Gatehouse.Edge.Auth;
using Gatehouse.Edge.Tests.Support;
using Gatehouse.Http.Settings;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Auth;

public sealed class AuthHandlerTests
{
    // "secret" and "pä:ss", by htpasswd.
    private const string Apr1 = "$apr1$Q.thVG7o$LzOsMUNUuqQF0lXA9XiFm0";
    private const string Bcrypt = "$2y$04$mXUseKutE2LoyhvjJmU0leYpSpd2ulsiPz37d4mowkDmoaALTFDXy";

    [Theory]
    [InlineData("alice:secret", "alice")]
    [InlineData("bob:pä:ss", "bob")]
    [InlineData("zoë:geheim", "zoë")]
    public void Who_knows_the_password_gets_in(string credentials, string user)
    {
        using var server = Serve(Users(("alice", Apr1), ("bob", Bcrypt), ("zoë", "plain:geheim")));
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal((200, user), Answer(server.Get("/", Authorization(credentials))));
            Assert.Equal(200, server.Get("/", Authorization(credentials).Replace("Basic ", "bAsIc   ", StringComparison.Ordinal)).Status);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Authorization: Basic \r\n")]
    [InlineData("Authorization: Basic\r\n")]
    [InlineData("Authorization: Basic !!!!\r\n")]
    [InlineData("Authorization: Basic YWxpY2U6c2VjcmV0\r\nAuthorization: Basic YWxpY2U6c2VjcmV0\r\n")]
    [InlineData("Authorization: Basic YWxp Y2U6c2VjcmV0\r\n")]
    [InlineData("Authorization: Basic YWxpY2U6c2VjcmV0 \t x\r\n")]
    [InlineData("Authorization: BasicYWxpY2U6c2VjcmV0\r\n")]
    [InlineData("Authorization: Bearer YWxpY2U6c2VjcmV0\r\n")]
    [InlineData("Authorization: Digest username=\"alice\"\r\n")]
    [InlineData("Authorization: Basic YWxpY2U=\r\n")]
    [InlineData("Authorization: Basic YWxpY2U6c2VjcmV0AA==\r\n")]
    [InlineData("Authorization: Basic YWxpY2U6/w==\r\n")]
    [InlineData("Authorization: Basic Og==\r\n")]
    public void Who_sends_no_credentials_is_asked(string fields)
    {
        using var server = Serve(Users(("alice", Apr1)));
        var response = server.Get("/", fields);
        Assert.Equal((401, "Basic realm=\"restricted\", charset=\"UTF-8\""), (response.Status, response["WWW-Authenticate"]));
    }

    [Theory]
    [InlineData("alice:wrong")]
    [InlineData("alice:")]
    [InlineData("alice:secret ")]
    [InlineData("Alice:secret")]
    [InlineData("bob:secret")]
    [InlineData("nobody:secret")]
    [InlineData(":secret")]
    public void Who_does_not_know_it_is_asked_again(string credentials)
    {
        using var server = Serve(Users(("alice", Apr1), ("bob", "plain:other")));
        for (var i = 0; i < 2; i++)
            Assert.Equal(401, server.Get("/", Authorization(credentials)).Status);
        Assert.All(server.Failures, failure => Assert.Equal("the user or the password is wrong (auth)", failure));
    }

    [Fact]
    public void Too_much_is_no_credentials()
    {
        using var server = Serve(Users(("alice", "plain:" + new string('x', 600)), ("bob", "plain:" + new string('x', 500))));
        Assert.Equal(401, server.Get("/", Authorization("alice:" + new string('x', 600))).Status);
        Assert.Equal(200, server.Get("/", Authorization("bob:" + new string('x', 500))).Status);
    }

    [Fact]
    public void The_handler_is_told_the_user_and_not_the_password()
    {
        var inner = new Inner(exchange =>
        {
            var request = exchange.Request;
            return exchange.SendAsync(Encoding.UTF8.GetBytes($"{request.Field("X-Remote-User")};{request.Field("Authorization")}"));
        });
        var config = new AuthConfig { Basic = Users(("zoë", "plain:geheim")), Header = "X-Remote-User", Strip = true };
        using var server = new EdgeServer(new AuthFeature().Wrap(config, inner, Reading.Context()));
        Assert.Equal("zoë;", server.Get("/", Authorization("zoë:geheim") + "X-Remote-User: root\r\nx-remote-user: admin\r\n").Text);
    }

    [Fact]
    public void Unless_stripped_the_handler_sees_what_came()
    {
        var inner = new Inner(exchange => exchange.SendAsync(Encoding.UTF8.GetBytes($"{exchange.Request.Field("Authorization")}")));
        using var server = new EdgeServer(new AuthFeature().Wrap(new AuthConfig { Basic = Users(("a", "plain:b")) }, inner, Reading.Context()));
        Assert.Equal("Basic YTpi", server.Get("/", "Authorization: Basic YTpi\r\n").Text);
    }

    [Fact]
    public void The_realm_is_quoted()
    {
        using var server = new EdgeServer(new AuthFeature().Wrap(
            new AuthConfig { Basic = Users(("a", "plain:b")) with { Realm = "my \"own\" \\ café" } }, Inner.Says("x"), Reading.Context()));
        var value = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(server.Get("/")["WWW-Authenticate"]!));
        Assert.Equal("Basic realm=\"my \\\"own\\\" \\\\ café\", charset=\"UTF-8\"", value);
    }

    [Fact]
    public void A_slow_check_holds_nobody_else_up_and_is_paid_once()
    {
        // A cost of 12 takes some hundred milliseconds.
        var hash = BCrypt.Net.BCrypt.HashPassword("secret", 12);
        using var server = Serve(Users(("alice", hash), ("fast", "plain:x")));
        using var slow = server.Connect();
        slow.Send($"GET / HTTP/1.1\r\nHost: a\r\n{Authorization("alice:secret")}\r\n");
        using var fast = server.Connect();
        for (var i = 0; i < 3; i++)
        {
            fast.Send($"GET / HTTP/1.1\r\nHost: a\r\n{Authorization("fast:x")}\r\n");
            Assert.Equal("fast", fast.ReadResponse().Text);
        }
        Assert.Equal(3, server.Failures.Count);
        Assert.Equal("alice", slow.ReadResponse().Text);
        var started = Stopwatch.GetTimestamp();
        BCrypt.Net.BCrypt.Verify("secret", hash);
        var once = Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 50; i++)
        {
            slow.Send($"GET / HTTP/1.1\r\nHost: a\r\n{Authorization("alice:secret")}\r\n");
            Assert.Equal("alice", slow.ReadResponse().Text);
        }
        Assert.True(Stopwatch.GetElapsedTime(started) < once * 25, $"50 requests took {Stopwatch.GetElapsedTime(started)}, one check {once}");
        Assert.Equal(401, server.Get("/", Authorization("alice:Secret")).Status);
    }

    [Fact]
    public void What_was_right_under_one_hash_is_not_under_another()
    {
        using (var server = Serve(Users(("alice", Apr1))))
            Assert.Equal(200, server.Get("/", Authorization("alice:secret")).Status);
        using (var server = Serve(Users(("alice", Bcrypt))))
            Assert.Equal(401, server.Get("/", Authorization("alice:secret")).Status);
    }

    [Fact]
    public void Too_many_waiting_checks_are_refused_with_503()
    {
        var hash = BCrypt.Net.BCrypt.HashPassword("secret", 10);
        using var server = Serve(Users(("alice", hash)));
        var clients = Enumerable.Range(0, 180).Select(_ => server.Connect()).ToList();
        foreach (var client in clients)
        {
            client.Timeout = TimeSpan.FromMinutes(2);
            client.Send($"GET / HTTP/1.1\r\nHost: a\r\n{Authorization("alice:guess")}\r\n");
        }
        var statuses = clients.Select(client => client.ReadResponse()).CountBy(response => (response.Status, response["Retry-After"])).ToDictionary();
        foreach (var client in clients)
            client.Dispose();
        Assert.Equal([(401, null), (503, "1")], statuses.Keys.Order());
        // 128 wait and one runs; those that end while the others still come make room.
        Assert.InRange(statuses[(503, "1")], 1, 51);
    }

    [Fact]
    public void Users_come_from_a_file_too()
    {
        using var folder = new TempFolder();
        var file = folder.Write("users", $"# users\r\n\r\nalice:{Apr1}\r\nbob:{Bcrypt}\nalice:plain:second\nzoë:plain:a:b\n");
        var config = new AuthConfig { Basic = Users(("bob", "plain:mine")) with { File = new FilePath(file) } };
        var faults = new Faults();
        new AuthFeature().Validate(config, faults);
        Assert.Empty(faults.All);
        using var server = new EdgeServer(new AuthFeature().Wrap(config, Inner.Says("in"), Reading.Context()));
        Assert.Equal(200, server.Get("/", Authorization("alice:secret")).Status);
        Assert.Equal(401, server.Get("/", Authorization("alice:second")).Status);
        Assert.Equal(200, server.Get("/", Authorization("bob:mine")).Status);
        Assert.Equal(401, server.Get("/", Authorization("bob:pä:ss")).Status);
        Assert.Equal(200, server.Get("/", Authorization("zoë:a:b")).Status);
    }

    [Fact]
    public void Faults_of_a_file_are_told_by_line_and_not_shown()
    {
        using var folder = new TempFolder();
        var file = folder.Write("users", $"alice:{Apr1}\nbob:hunter2\nnothing\n:{Apr1}\na\tb:{Apr1}\n");
        var faults = new Faults();
        var config = new AuthConfig { Basic = new BasicConfig { File = new FilePath(file) } };
        new AuthFeature().Validate(config, faults);
        Assert.Equal([2, 3, 4, 5], faults.All.Select(fault => int.Parse(fault.Message.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.All(faults.All, fault => Assert.DoesNotContain("hunter2", fault.Message, StringComparison.Ordinal));
        Assert.Throws<IOException>(() => new AuthFeature().Wrap(config, Inner.Says("x"), Reading.Context()));
        faults.All.Clear();
        new AuthFeature().Validate(new AuthConfig { Basic = new BasicConfig { File = new FilePath(folder["missing"]) } }, faults);
        Assert.Contains("cannot be read", Assert.Single(faults.All).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_lets_nobody_in()
    {
        using var folder = new TempFolder();
        var config = new AuthConfig { Basic = new BasicConfig { File = new FilePath(folder.Write("users", "")) } };
        using var server = new EdgeServer(new AuthFeature().Wrap(config, Inner.Says("in"), Reading.Context()));
        Assert.Equal(401, server.Get("/", Authorization("a:b")).Status);
        Assert.Equal(401, server.Get("/", Authorization(":")).Status);
    }

    [Fact]
    public void Faults_of_the_configuration_are_told()
    {
        Assert.Equal([""], Faults.Of(new BasicConfig()).Settings);
        var users = Users(("a:b", Apr1), ("", Apr1), ("bob", "hunter2"), ("eve", "plain:x"));
        var faults = Faults.Of(users with { Realm = "a\r\nb" });
        Assert.Equal(["realm", "users.a:b", "users.", "users.bob"], faults.Settings);
        Assert.All(faults.All, fault => Assert.DoesNotContain("hunter2", fault.Message, StringComparison.Ordinal));
        foreach (var header in new[] { "X User", "Host", "Content-Length", "" })
            Assert.Equal(["header"], Faults.Of(new AuthConfig { Basic = users, Header = header }).Settings);
    }

    [Fact]
    public void What_is_remembered_is_forgotten_after_a_minute()
    {
        var remembered = new VerifiedCredentials();
        Assert.True(PasswordHash.TryParse(Apr1, out var hash, out _));
        Span<byte> key = stackalloc byte[VerifiedCredentials.KeyLength];
        Span<byte> other = stackalloc byte[VerifiedCredentials.KeyLength];
        remembered.WriteKey(hash, "secret"u8, key);
        remembered.WriteKey(hash, "secres"u8, other);
        Assert.False(remembered.Contains(key, 0));
        remembered.Add(key, 1000);
        Assert.True(remembered.Contains(key, 1000));
        Assert.True(remembered.Contains(key, 60_999));
        Assert.False(remembered.Contains(key, 61_000));
        Assert.False(remembered.Contains(other, 1000));
    }

    private static (int Status, string Text) Answer(RawResponse response) => (response.Status, response.Text);

    private static string Authorization(string credentials) => $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}\r\n";

    private static BasicConfig Users(params (string Name, string Hash)[] users) => new() { Users = users.ToDictionary(user => user.Name, user => user.Hash) };

    private static EdgeServer Serve(BasicConfig basic) => new(new AuthFeature().Wrap(
        new AuthConfig { Basic = basic },
        new Inner(exchange => exchange.SendAsync(Encoding.UTF8.GetBytes(exchange.Notes.User ?? "nobody"))),
        Reading.Context()));
}

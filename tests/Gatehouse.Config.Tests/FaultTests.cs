namespace Gatehouse.Config.Tests;

/// <summary>Each fault with its exact text and place.</summary>
public sealed class FaultTests
{
    private const string HandlerList = "respond, files, proxy, redirect, fastcgi, scgi, uwsgi, cgi, wsgi, asgi, run, dns-over-https";

    private const string TopKeys = "version, include, state, listen, trust, limits, timeouts, tls, reactors, shutdown, sites, admin, dns, streams";
    private const string EndpointForms = "expected ADDRESS:PORT like 127.0.0.1:80 or [::1]:80, :PORT for all addresses, or unix:PATH";
    private const string ListenForms = "expected ADDRESS:PORT, :PORT or unix:PATH, and behind it tls or proxy-protocol if wanted";
    private const string HostForms = "expected a host name like shop.example.com or *.example.com, without scheme and port";
    private const string PathForms = "expected a path like /ping, a folder like /x/*, an ending like *.php, or /* for all";

    public static TheoryData<string, string> Faults => new()
    {
        // keys
        { "lisen: ':80'", "1:1: found the unknown key 'lisen'; did you mean 'listen'?" },
        { "zzzzzz: 1", $"1:1: found the unknown key 'zzzzzz', expected one of {TopKeys}" },
        { "limits:\n  heads: 1KB", "2:3: found the unknown key 'heads' in 'limits'; did you mean 'head'?" },
        { "sites:\n- routes:\n  - {match: /, fils: .}", "3:16: found the unknown key 'fils' in 'routes'; did you mean 'files'?" },
        {
            "sites: [{routes: [{handler: x}]}]",
            $"1:20: found the unknown key 'handler' in 'routes', expected one of match, {HandlerList}, limits, cache, compress, auth, mark"
        },
        { "sites: [{files: .}]", "1:10: found the unknown key 'files' in 'sites', expected one of hosts, tls, https-redirect, hsts, routes, limits, cache, compress, auth, mark" },
        { "sites: [{routes: [{mark: {x: 1}, respond: a}]}]", "1:27: found the unknown key 'x' in 'mark', expected none" },
        { "version: 1\nversion: 1", "2:1: found the key 'version' a second time, expected it once; the first is on line 1" },
        { "? [a]\n: b", "1:3: found a key that is not plain text, expected a word" },

        // kinds
        { "[1, 2]", "1:1: found a list, expected a mapping of keys to values" },
        { "hello", "1:1: found 'hello', expected a mapping of keys to values" },
        { "version: [1]", "1:10: version: found a list, expected 1" },
        { "version:", "1:9: version: found nothing, expected 1" },
        { "version: {a: 1}", "1:10: version: found a mapping, expected 1" },
        { "limits: 5", "1:9: limits: found '5', expected a mapping with the keys connections, head, target, fields, trailers" },
        { "dns: {local: [a]}", "1:14: local: found a list, expected a mapping of names to an IP address like 192.0.2.1 or 2001:db8::1, or a list of such" },
        { "sites: [{tls: [auto]}]", "1:15: tls: found a list, expected one of auto, off" },

        // values
        { "version: 2", "1:10: version: found '2', expected 1" },
        { "version: one", "1:10: version: found 'one', expected a whole number" },
        { "sites: [{routes: [{match: {method: [GET, post]}, respond: a}]}]", "1:42: match.method.1: found 'post', expected a method in capitals, like GET" },
        {
            "sites: [{routes: [{match: {header: {'a b': c}}, respond: a}]}]",
            "1:36: match.header: found the field name 'a b', expected letters, digits and dashes, like X-Beta"
        },
        { "reactors: many", "1:11: reactors: found 'many', expected auto or a whole number from 1" },
        { "shutdown: 30", "1:11: shutdown: found '30' without a unit, expected a duration like 200ms, 2s, 5m, 1h or 1d" },
        { "shutdown: 2d", "1:11: shutdown: found '2d', expected a duration like 200ms, 2s, 5m, 1h or 1d, from 0 to 1d" },
        { "limits: {head: 32 KiB}", "1:16: head: found '32 KiB', expected a size like 512KB, 10MB or 1GB" },
        { "limits: {head: 2MB}", "1:16: head: found '2MB', expected a size like 512KB, 10MB or 1GB, from 1KB to 1MB" },
        { "trust: [10.1.2.3/8]", "1:9: trust: '10.1.2.3/8' has bits set behind its first 8; the prefix is 10.0.0.0/8" },
        { "listen: [':80', '127.0.0.1']", $"1:17: listen: '127.0.0.1' has no port; {EndpointForms}" },
        { "listen: ':80 ssl'", "1:9: listen: found 'ssl' behind the address, expected tls or proxy-protocol, each once" },
        { "listen: ':80 tls tls'", "1:9: listen: found 'tls' behind the address, expected tls or proxy-protocol, each once" },
        { "listen: ''", $"1:9: listen: found '', {ListenForms}" },
        { "state: ''", "1:8: state: found '', expected a path" },
        { "sites: [{hosts: ['http://a.test']}]", $"1:18: hosts: found 'http://a.test', {HostForms}" },
        { "sites: [{tls: of}]", "1:15: tls: found 'of', expected one of auto, off; did you mean 'off'?" },
        { "sites: [{routes: [{match: ping, respond: a}]}]", $"1:27: match: found 'ping', {PathForms}" },
        {
            "sites: [{routes: [{proxy: {to: '127.0.0.1:1', balance: rond-robin}}]}]",
            "1:56: balance: found 'rond-robin', expected one of round-robin, least-requests, least-connections, random; did you mean 'round-robin'?"
        },
        { "sites: [{routes: [{respond: {status: 99}}]}]", "1:38: status: found '99', expected a whole number from 200 to 599" },
        { "sites: [{compress: maybe}]", "1:20: compress: found 'maybe', expected on or off" },
        { "sites: [{limits: {rate: 5}}]", "1:25: rate: found '5', expected a rate like 1000/m, 100/s per ip or 10/s burst 50 per ip (per s, m, h or d)" },
        { "sites: [{auth: {password: battery staple, sample-ratio: '1.5'}}]", "1:57: sample-ratio: found '1.5', expected a number from 0 to 1" },
        { "sites: [{auth: {password: battery staple, sample-ratio: NaN}}]", "1:57: sample-ratio: found 'NaN', expected a number" },
        { "sites: [{auth: {password: battery staple, flavour: vanilla}}]", "1:52: flavour: found 'vanilla', expected one of plain-vanilla, dark-chocolate" },

        // secrets
        { "sites: [{auth: {password: hunter2}}]", "1:27: password: found a value that is not shown, expected one of correct horse, battery staple" },
        { "sites: [{auth: {password: battery staple, pin: 4711}}]", "1:48: pin: found a value that is not shown, expected a whole number from 1 to 10" },

        { "version: \"a\\nb\\e[31m\"", "1:10: version: found 'a\\nb\\x1b[31m', expected a whole number" },

        // what must be there
        { "sites: [{routes: [{files: {}}]}]", "1:27: files: found no 'root', expected a path: Folder of the files" },
        { "sites: [{routes: [{match: /x}]}]", $"1:19: routes: found no handler, expected one of {HandlerList}" },
        { "sites: [{routes: [{files: ., respond: a}]}]", "1:30: routes: found the handlers 'files' and 'respond' in one route, expected one" },
        { "admin: {}", $"1:8: admin: found no 'listen', {ListenForms}, or a list of such: Addresses of the dashboard and the metrics" },
        { "admin:", $"1:7: admin: found nothing, {ListenForms}, or a list of such, or a mapping with the key listen" },

        // what depends on each other
        { "sites: [{tls: {cert: a.pem}}]", "1:22: tls.cert: found cert without key, expected both or neither" },
        { "sites: [{tls: {mode: off, cert: a.pem, key: b.pem}}]", "1:22: tls.mode: found off beside files, expected one or the other" },
        { "listen: [':80', '[::]:80 tls']", "1:17: listen.1: found [::]:80 a second time, expected each address once" },
        {
            "sites: [{hosts: A.test}, {hosts: [b.test, a.test]}]",
            "1:43: sites.1.hosts.1: found 'a.test' a second time, expected it once; the first is in site number 1"
        },
        { "sites: [{}, {}]", "1:13: sites.1: found a second site without hosts, expected at most one; the first is number 1" },
        {
            "sites: [{routes: [{proxy: {to: '127.0.0.1:1', retry: {tries: 3}}}]}]",
            "1:62: proxy.retry.tries: found 3, expected at most the number of upstreams"
        },
        { "sites: [{routes: [{proxy: ['127.0.0.1:1', '127.0.0.1:0']}]}]", "1:43: proxy.to.1.address: found port 0, expected one to connect to" },
        { "streams: [{listen: ':1'}]", "1:11: streams: found no upstreams, expected one of tcp, udp, sni" },

        // YAML itself
        { "a: [1, 2", "2:1: not valid YAML: while parsing a flow sequence, did not find expected ',' or ']'" },
        {
            "sites: [{hosts: ${HOST}}]",
            "1:18: not valid YAML: while parsing a flow mapping, did not find expected ',' or '}'; a value with ${...} inside { } or [ ] needs quotes"
        },
        { "version: 1\n---\nversion: 1", "2:1: found a second document, expected one YAML document in a file" },
        { "state: !file x", "1:8: found the tag '!file', expected a value without tag" },
        { "listen: *l", "1:9: the alias '*l' has no anchor of that name before it" },
        { "sites: &s [*s]", "1:12: the alias '*s' has no anchor of that name before it" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Is_reported(string yaml, string fault) => Assert.Equal([fault], Fakes.FaultsOf(yaml));

    [Fact]
    public void All_faults_are_reported_at_once_in_the_order_of_the_file() =>
        Assert.Equal(
            [
                "1:10: version: found '3', expected 1",
                "2:1: found the unknown key 'lisen'; did you mean 'listen'?",
                $"4:12: hosts: found 'a b', {HostForms}",
                "6:7: found the key 'match' a second time, expected it once; the first is on line 5",
                "7:16: files: found no 'root', expected a path: Folder of the files",
                "7:17: found the unknown key 'brows' in 'files'; did you mean 'browse'?",
                "8:11: shutdown: found 'soon', expected a duration like 200ms, 2s, 5m, 1h or 1d",
            ],
            Fakes.FaultsOf(
                """
                version: 3
                lisen: :80
                sites:
                  - hosts: a b
                    routes: [{match: /a,
                      match: /b,
                        files: {brows: on}}]
                shutdown: soon
                """));

    [Fact]
    public void A_long_value_is_shown_in_part() =>
        Assert.Equal([$"1:10: version: found '{new string('9', 80)}…', expected 1"], Fakes.FaultsOf($"version: {new string('9', 200)}"));

    [Fact]
    public void Faults_are_counted_beyond_a_thousand()
    {
        var faults = Fakes.FaultsOf(string.Join('\n', Enumerable.Range(0, 1_500).Select(i => $"unknown-{i}: 1")));
        Assert.Equal(1_001, faults.Count);
        Assert.EndsWith(": 500 further faults are not shown", faults[^1]);
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_fault()
    {
        var result = Fakes.Loader().Load("/nonexistent/gate.yaml");
        Assert.Null(result.Config);
        Assert.Equal(
            "/nonexistent/gate.yaml:1:1: the file '/nonexistent/gate.yaml' cannot be read: Could not find a part of the path '/nonexistent/gate.yaml'.",
            Assert.Single(result.Faults).ToString());
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_a_fault_at_their_place()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("gate.yaml", [.. "version: 1\nstate: é"u8, 0xFF, (byte)'\n']);
        Assert.Equal($"{path}:2:9: found a byte that is not UTF-8, expected text in UTF-8", Assert.Single(Fakes.Loader().Load(path).Faults).ToString());
    }
}

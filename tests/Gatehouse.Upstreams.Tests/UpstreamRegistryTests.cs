using System.Reflection;
using Gatehouse.Http.Settings;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.ProxyProtocol;

namespace Gatehouse.Upstreams.Tests;

/// <summary>A change of configuration keeps what it does not change, and nothing of what it does.</summary>
public sealed class UpstreamRegistryTests : IDisposable
{
    private readonly ReactorGroup _group = ReactorGroup.StartNew(1);
    private readonly UpstreamRegistry _registry;

    public UpstreamRegistryTests() => _registry = new UpstreamRegistry(_group.Reactors);

    public void Dispose()
    {
        _registry.Dispose();
        _group.Dispose();
    }

    private static UpstreamConfig Config() => new()
    {
        To = [new TargetConfig { Address = Endpoint.Parse("127.0.0.1:1"), Weight = 2 }, new TargetConfig { Address = Endpoint.Parse("unix:/run/b") }],
        Balance = "round-robin",
        Health = new HealthConfig { Path = "/health", Every = TimeSpan.FromHours(1) },
        Timeouts = new UpstreamTimeoutsConfig(),
    };

    [Fact]
    public void Equal_settings_are_one_object_that_survives()
    {
        var first = Change(Config(), Config()).Distinct().Single();
        Assert.Same(first, Change(Config()).Single());
        Assert.Equal([first], _registry.All);
        Assert.Equal(["127.0.0.1:1", "unix:/run/b"], first.Targets.ToArray().Select(target => target.Name));
        Assert.Equal([2, 1], first.Targets.ToArray().Select(target => target.Weight));
    }

    [Fact]
    public void Every_setting_counts()
    {
        // Each property of each record of the configuration, changed alone, must make another upstream: also one that is added later.
        var changed = new List<UpstreamConfig>();
        foreach (var property in typeof(UpstreamConfig).GetProperties())
        {
            switch (property.Name)
            {
                case nameof(UpstreamConfig.To):
                    changed.AddRange(Variants(Config().To[0]).Select(target => Config() with { To = [target, Config().To[1]] }));
                    changed.Add(Config() with { To = [Config().To[0]] });
                    changed.Add(Config() with { To = [Config().To[1], Config().To[0]] });
                    changed.Add(Config() with { To = [.. Config().To, Config().To[0]] });
                    break;
                case nameof(UpstreamConfig.Balance):
                    changed.Add(Config() with { Balance = "random" });
                    break;
                case nameof(UpstreamConfig.Health):
                    changed.AddRange(Variants(Config().Health!).Select(health => Config() with { Health = health }));
                    changed.Add(Config() with { Health = null });
                    break;
                case nameof(UpstreamConfig.Timeouts):
                    changed.AddRange(Variants(Config().Timeouts).Select(timeouts => Config() with { Timeouts = timeouts }));
                    break;
                case nameof(UpstreamConfig.Protocol):
                    changed.Add(Config() with { Protocol = UpstreamProtocol.H2c });
                    break;
                case nameof(UpstreamConfig.ProxyProtocol):
                    changed.Add(Config() with { ProxyProtocol = ProxyProtocolVersion.Version2 });
                    break;
                case nameof(UpstreamConfig.Tls):
                    changed.AddRange(Variants(Config().Tls).Select(tls => Config() with { Tls = tls }));
                    break;
                case nameof(UpstreamConfig.TlsStamp):
                    changed.Add(Config() with { TlsStamp = "another file" });
                    break;
                default:
                    Assert.Fail($"This test does not know how to change {property.Name}.");
                    break;
            }
        }
        Assert.Equal(3 + 2 + 1 + 5 + 1 + 4 + 1 + 1 + 5 + 1, changed.Count);
        var all = Change([Config(), .. changed]);
        Assert.Equal(all.Count, all.Distinct().Count());
    }

    [Fact]
    public void Texts_that_look_alike_are_not_equal()
    {
        UpstreamConfig With(params string[] paths) => Config() with { To = [.. paths.Select(path => new TargetConfig { Address = new Endpoint(path) })] };
        Assert.Equal(2, Change(With("/a, Weight = 1 },TargetConfig { Address = unix:/b"), With("/a", "/b")).Distinct().Count());
    }

    [Fact]
    public void What_a_change_leaves_out_is_ended_and_the_rest_goes_on()
    {
        var other = Config() with { Balance = "first" };
        var both = Change(Config(), other);
        var connections = both.Select(upstream => OnReactor(() => upstream.Targets[0].PoolOn(_group.Reactors[0]))).ToArray();
        Assert.Same(both[1], Change(other).Single());
        Assert.Equal([both[1]], _registry.All);
        Assert.Equal([true, false], connections.Select(pool => OnReactor(() => pool.IsClosed)));
        // A request that is still under way in the ended one gets a pool that keeps nothing.
        Assert.True(OnReactor(() => both[0].Targets[1].PoolOn(_group.Reactors[0]).IsClosed));
        Assert.NotSame(both[0], Change(Config(), other)[0]);
    }

    [Fact]
    public void Change_that_is_abandoned_changed_nothing()
    {
        var live = Change(Config()).Single();
        _registry.Begin();
        var next = _registry.Get(Config() with { Balance = "first" });
        Assert.NotSame(live, next);
        _registry.Abandon();
        Assert.Equal([live], _registry.All);
        Assert.Same(live, Change(Config()).Single());
    }

    [Fact]
    public void Live_ones_are_not_changed_before_the_commit()
    {
        var live = Change(Config()).Single();
        _registry.Begin();
        _registry.Get(Config() with { Balance = "first" });
        Assert.Equal([live], _registry.All);
        _registry.Commit();
        Assert.DoesNotContain(live, _registry.All);
    }

    [Fact]
    public void Registry_that_outlives_its_reactors_ends_quietly()
    {
        var group = ReactorGroup.StartNew(1);
        var registry = new UpstreamRegistry(group.Reactors);
        registry.Begin();
        registry.Get(Config());
        registry.Commit();
        group.Dispose();
        registry.Dispose();
    }

    private List<Upstream> Change(params UpstreamConfig[] configs)
    {
        _registry.Begin();
        List<Upstream> upstreams = [.. configs.Select(_registry.Get)];
        _registry.Commit();
        return upstreams;
    }

    private T OnReactor<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _group.Reactors[0].Post(_ => done.SetResult(function()), null);
        Assert.True(done.Task.Wait(TimeSpan.FromSeconds(20)));
        return done.Task.Result;
    }

    /// <summary>Copies of a record, each with one property changed.</summary>
    private static IEnumerable<T> Variants<T>(T record)
        where T : class
    {
        foreach (var property in typeof(T).GetProperties().Where(property => property.CanWrite))
        {
            var copy = (T)typeof(T).GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public)!.Invoke(record, null)!;
            property.SetValue(copy, property.GetValue(record) switch
            {
                int number => number + 1,
                string text => text + "x",
                TimeSpan time => time + TimeSpan.FromSeconds(1),
                bool flag => !flag,
                TargetAddress address => address with { Endpoint = new Endpoint(address.Endpoint.Address, (ushort)(address.Endpoint.Port + 1)) },
                null when property.PropertyType == typeof(string) => "x",
                null when property.PropertyType == typeof(FilePath?) => new FilePath("/x"),
                var value => throw new NotSupportedException($"This test does not know how to change {property.Name}, which is {value}."),
            });
            yield return copy;
        }
    }
}

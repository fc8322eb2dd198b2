using Gatehouse.Net.Names;

namespace Gatehouse.Net.Tests.Names;

/// <summary>The system's names: the loopback's, and ones that do not exist.</summary>
public sealed class SystemNameResolverTests
{
    [Fact]
    public async Task Localhost_is_the_loopback()
    {
        var found = await SystemNameResolver.Instance.ResolveAsync("localhost");
        Assert.All(found.Addresses, address => Assert.Contains(address.ToString(), (string[])["127.0.0.1", "::1"]));
        Assert.NotEmpty(found.Addresses);
        Assert.Equal(TimeSpan.Zero, found.TimeToLive);
    }

    [Theory]
    [InlineData("no-such-host.invalid")]
    [InlineData("a..b")]
    public async Task Name_without_address_says_so(string host)
    {
        var exception = await Assert.ThrowsAsync<IOException>(async () => await SystemNameResolver.Instance.ResolveAsync(host));
        Assert.Contains($"'{host}'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Longer_than_a_name_can_be_is_a_fault_too() =>
        await Assert.ThrowsAsync<IOException>(async () => await SystemNameResolver.Instance.ResolveAsync(new string('a', 300)));

    [Fact]
    public async Task It_can_be_cancelled() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await SystemNameResolver.Instance.ResolveAsync("localhost", new CancellationToken(canceled: true)));
}

using Gatehouse.Http.Client;
using Gatehouse.Protocols;

namespace Gatehouse.Upstreams.Tests;

/// <summary>Which failures are repeated: never one that could do something twice.</summary>
public sealed class RetryRulesTests
{
    private static readonly Method[] Idempotent = [Method.Get, Method.Head, Method.Options, Method.Trace, Method.Put, Method.Delete];

    [Fact]
    public void Table_of_faults_and_methods()
    {
        var rules = new RetryRules { OnTimeout = true, OnStatus = [503] };
        foreach (var fault in Enum.GetValues<ClientFault>())
        {
            foreach (var method in Enum.GetValues<Method>())
            {
                var expected = fault switch
                {
                    ClientFault.Connect or ClientFault.ConnectTimeout or ClientFault.PoolExhausted or ClientFault.Refused or ClientFault.OtherProtocol => true,
                    ClientFault.ClosedBeforeResponse or ClientFault.ResponseTimeout => Idempotent.Contains(method),
                    _ => false,
                };
                Assert.True(expected == rules.Allows(new ClientException(fault, "x"), method), $"{fault} of {method}: expected {expected}.");
            }
        }
    }

    [Fact]
    public void Each_kind_can_be_turned_off()
    {
        var rules = new RetryRules { OnConnect = false };
        Assert.False(rules.Allows(new ClientException(ClientFault.Connect, "x"), Method.Get));
        Assert.False(rules.Allows(new ClientException(ClientFault.ClosedBeforeResponse, "x"), Method.Get));
        Assert.False(rules.Allows(new ClientException(ClientFault.ResponseTimeout, "x"), Method.Get));
        Assert.False(rules.Allows(503, Method.Get));
        Assert.True(new RetryRules { OnStatus = [502, 503] }.Allows(503, Method.Get));
        Assert.False(new RetryRules { OnStatus = [502, 503] }.Allows(503, Method.Post));
        Assert.False(new RetryRules { OnStatus = [502, 503] }.Allows(500, Method.Get));
    }
}

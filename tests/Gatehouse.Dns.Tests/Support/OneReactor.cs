using Gatehouse.Dns.Resolver;
using Gatehouse.Dns.Servers;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Dns.Messages;

namespace Gatehouse.Dns.Tests.Support;

/// <summary>A reactor for one test, and calls into what lives on it.</summary>
internal sealed class OneReactor : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly ReactorGroup _group = ReactorGroup.StartNew(1);

    internal Reactor Reactor => _group.Reactors[0];

    public void Dispose() => _group.Dispose();

    /// <summary>Runs a function on the reactor and waits for its task, no longer than half a minute.</summary>
    internal async Task<T> RunAsync<T>(Func<Task<T>> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Reactor.Post(
            async _ =>
            {
                try
                {
                    done.TrySetResult(await function());
                }
                catch (Exception exception)
                {
                    done.TrySetException(exception);
                }
            },
            null);
        return await done.Task.WaitAsync(Limit);
    }

    internal Task<ServerReply> QueryAsync(NameServer server, DnsQuestion question, CancellationToken cancellation = default) =>
        RunAsync(() => server.QueryAsync(QueryWriter.Write(question, QueryOptions.Default, server.IsEncrypted), cancellation).AsTask());

    internal NameServer Server(ServerAddress address, ServerOptions options) => RunAsync(() => Task.FromResult(NameServers.Create(Reactor, address, options))).Result;
}

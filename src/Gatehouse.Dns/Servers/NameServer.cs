using Gatehouse.Net.Reactors;

namespace Gatehouse.Dns.Servers;

/// <summary>
/// A name server that can be asked: bytes of a query in, bytes of its answer out. It lives on one reactor with its connections, and is called there only.
/// </summary>
public abstract class NameServer : IDisposable
{
    /// <summary>A server on a reactor.</summary>
    protected NameServer(Reactor reactor, string name)
    {
        Reactor = reactor;
        Name = name;
    }

    /// <summary>The reactor that it lives on.</summary>
    public Reactor Reactor { get; }

    /// <summary>What it was written as, for messages.</summary>
    public string Name { get; }

    /// <summary>True when nobody else can read queries and answers: they are padded then (RFC 8467).</summary>
    public abstract bool IsEncrypted { get; }

    /// <summary>Queries that wait for an answer.</summary>
    public int Outstanding { get; private set; }

    /// <summary>
    /// Asks. The query's id is replaced by one of the server's own choice, and comes back in the answer. The answer has been checked to be one: of that
    /// server, to that id and question. On the reactor.
    /// </summary>
    /// <param name="query">A message with one question; must stay as it is until the answer is there.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="DnsException">No answer came; the message says why.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async ValueTask<ServerReply> QueryAsync(ReadOnlyMemory<byte> query, CancellationToken cancellation = default)
    {
        if (Outstanding >= MaxOutstanding)
            throw new DnsException(DnsFault.Busy, $"{Name} has {Outstanding} queries waiting, as many as are allowed");
        Outstanding++;
        try
        {
            return await AskAsync(query, cancellation);
        }
        finally
        {
            Outstanding--;
        }
    }

    /// <summary>Queries that may wait for an answer.</summary>
    protected abstract int MaxOutstanding { get; }

    /// <summary>Asks; as <see cref="QueryAsync"/>, which counts.</summary>
    protected abstract ValueTask<ServerReply> AskAsync(ReadOnlyMemory<byte> query, CancellationToken cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes its connections. On the reactor.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

using Gatehouse.Dns.Forwarder;
using Gatehouse.Edge.Logs;

namespace Gatehouse.Host.Names;

/// <summary>The query log of the name server, in a sink of the access logs.</summary>
internal sealed class QueryLog(LogSink sink) : IQueryLog
{
    public void Append(ReadOnlySpan<byte> line) => sink.Append(line);
}

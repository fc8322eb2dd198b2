namespace Gatehouse.Config.Dns;

/// <summary><c>resolver</c> at the top level: who is asked for the names of upstreams.</summary>
public sealed class ResolverSection() : Section<ResolverConfig>("resolver", "Who is asked for the names of upstreams");

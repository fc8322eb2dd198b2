using Gatehouse.Dns.Cache;
using Gatehouse.Dns.Forwarder.Clients;
using Gatehouse.Dns.Forwarder.Names;

namespace Gatehouse.Dns.Forwarder.Queries;

/// <summary>What is in force on a reactor: replaced as a whole when the configuration changes.</summary>
/// <param name="Names">Local names, lists and routes; replaced when files change.</param>
/// <param name="Clients">Who may ask.</param>
/// <param name="Groups">The servers: those of all names, then those of each rule.</param>
/// <param name="Cache">The answers that are kept.</param>
/// <param name="BlockAnswer">How blocked names are answered.</param>
/// <param name="Prefetches">Whether answers are renewed before their end.</param>
/// <param name="Log">Where queries are logged.</param>
internal sealed record LaneRules(
    NameRules Names, ClientRules Clients, UpstreamGroup[] Groups, AnswerCache Cache, BlockAnswer BlockAnswer, bool Prefetches, IQueryLog? Log);

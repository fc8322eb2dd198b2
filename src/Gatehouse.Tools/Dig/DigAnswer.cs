using Gatehouse.Dns.Servers;
using Gatehouse.Dns.Validation;
using Gatehouse.Protocols.Dns.Messages;

namespace Gatehouse.Tools.Dig;

/// <summary>An answer to show.</summary>
/// <param name="Question">What was asked.</param>
/// <param name="Message">What was answered.</param>
/// <param name="Reply">How it came.</param>
/// <param name="Server">Who was asked, as it was written.</param>
/// <param name="Validation">What checking the signatures gave; null when they were not checked.</param>
internal sealed record DigAnswer(DnsQuestion Question, DnsMessage Message, ServerReply Reply, string Server, ValidationResult? Validation = null);

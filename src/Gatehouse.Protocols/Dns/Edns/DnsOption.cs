namespace Gatehouse.Protocols.Dns.Edns;

/// <summary>An option of the OPT record.</summary>
/// <param name="Code">What it is.</param>
/// <param name="Data">Its bytes.</param>
public sealed record DnsOption(DnsOptionCode Code, ReadOnlyMemory<byte> Data);

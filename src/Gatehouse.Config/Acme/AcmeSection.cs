using Gatehouse.Pki.Acme;

namespace Gatehouse.Config.Acme;

/// <summary><c>acme</c> at the top level: where sites with public names get their certificates.</summary>
public sealed class AcmeSection() : Section<AcmeConfig>("acme", "Where sites with tls: auto and public names get their certificates");

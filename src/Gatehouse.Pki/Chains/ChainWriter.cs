using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Chains;

/// <summary>Certificates and reports about them, as text for people and as JSON for programs.</summary>
public static class ChainWriter
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What each certificate holds.</summary>
    public static string Text(PresentedChain chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        var text = new StringBuilder();
        for (var i = 0; i < chain.Certificates.Count; i++)
        {
            var certificate = chain.Certificates[i];
            Line(text, $"{i + 1}. {Words.Of(certificate.SubjectName)}");
            Line(text, $"   names        {(SubjectNames.Of(certificate) is { Count: > 0 } names ? string.Join(", ", names) : "none")}");
            Line(text, $"   issuer       {Words.Of(certificate.IssuerName)}");
            Line(text, $"   valid        {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}");
            Line(text, $"   key          {Words.Key(certificate)}");
            Line(text, $"   signature    {CertificateSignature.Words(certificate)}");
            Line(text, $"   usage        {Usage(certificate)}");
            Line(text, $"   serial       {certificate.SerialNumber}");
            Line(text, $"   SHA-256      {certificate.GetCertHashString(HashAlgorithmName.SHA256)}");
        }
        return text.ToString();
    }

    /// <summary>What each certificate holds, as JSON.</summary>
    public static string Json(PresentedChain chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        return Json(json =>
        {
            json.WriteString("source", chain.Source);
            json.WriteStartArray("certificates");
            foreach (var certificate in chain.Certificates)
            {
                json.WriteStartObject();
                WriteCertificate(json, certificate);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    /// <summary>The steps of a report, each with its findings, and the verdict.</summary>
    public static string Text(ChainReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        Line(text, $"{report.Source}{(report.Name is null ? "" : $", asked for {report.Name}")}");
        foreach (var finding in report.General)
            WriteFinding(text, finding);
        for (var i = 0; i < report.Steps.Count; i++)
        {
            var step = report.Steps[i];
            Line(text, $"{i + 1}. {Words.Of(step.Certificate.SubjectName)}, {step.Origin}");
            foreach (var finding in step.Findings)
                WriteFinding(text, finding);
        }
        var faults = report.Findings.Count(finding => finding.Level == FindingLevel.Fault);
        Line(text, report.IsGood ? "Good: clients accept it." : $"Bad: {faults} {(faults == 1 ? "fault" : "faults")}; clients refuse it.");
        return text.ToString();
    }

    /// <summary>The steps of a report and the verdict, as JSON.</summary>
    public static string Json(ChainReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Json(json =>
        {
            json.WriteString("source", report.Source);
            json.WriteString("name", report.Name);
            json.WriteBoolean("good", report.IsGood);
            WriteFindings(json, report.General);
            json.WriteStartArray("steps");
            foreach (var step in report.Steps)
            {
                json.WriteStartObject();
                WriteCertificate(json, step.Certificate);
                json.WriteString("origin", step.Origin);
                json.WriteString("signer", step.Signer);
                WriteFindings(json, step.Findings);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private static string Json(Action<Utf8JsonWriter> content)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Indented))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    private static void WriteCertificate(Utf8JsonWriter json, X509Certificate2 certificate)
    {
        json.WriteString("subject", certificate.Subject);
        json.WriteStartArray("names");
        foreach (var name in SubjectNames.Of(certificate))
            json.WriteStringValue(name.ToString());
        json.WriteEndArray();
        json.WriteString("issuer", certificate.Issuer);
        json.WriteString("notBefore", certificate.NotBefore.ToUniversalTime());
        json.WriteString("notAfter", certificate.NotAfter.ToUniversalTime());
        json.WriteString("key", Words.Key(certificate));
        json.WriteString("signature", CertificateSignature.Words(certificate));
        json.WriteString("usage", Usage(certificate));
        json.WriteString("serial", certificate.SerialNumber);
        json.WriteString("sha256", certificate.GetCertHashString(HashAlgorithmName.SHA256));
    }

    private static void WriteFindings(Utf8JsonWriter json, IEnumerable<Finding> findings)
    {
        json.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("level", Level(finding.Level).ToLowerInvariant());
            json.WriteString("text", finding.Text);
            if (finding.Advice is not null)
                json.WriteString("advice", finding.Advice);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteFinding(StringBuilder text, Finding finding)
    {
        Line(text, $"   {Level(finding.Level),-6} {finding.Text}");
        if (finding.Advice is not null)
            Line(text, $"          → {finding.Advice}");
    }

    private static string Level(FindingLevel level) => level switch
    {
        FindingLevel.Good => "ok",
        FindingLevel.Note => "note",
        _ => "FAULT",
    };

    private static string Usage(X509Certificate2 certificate)
    {
        var parts = new List<string>();
        if (certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(basic => basic.CertificateAuthority))
            parts.Add("authority");
        if (certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is { } usage)
            parts.Add(usage.KeyUsages.ToString());
        if (certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is { } purposes)
            parts.AddRange(purposes.EnhancedKeyUsages.Cast<Oid>().Select(oid => oid.FriendlyName ?? oid.Value ?? ""));
        return parts.Count > 0 ? string.Join(", ", parts) : "any";
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}

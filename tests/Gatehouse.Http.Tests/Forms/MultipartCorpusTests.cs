using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Http.Forms;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests.Forms;

public class MultipartCorpusTests
{
    // Where the cases are not portable between readers, or expect a leniency that this one does not have. Null: refused with 400.
    // Otherwise: what the form holds, fields as [name|value] and files as <name|file name>.
    private static readonly Dictionary<string, string?> Deviations = new()
    {
        // RFC 7578 section 4.2: "Each part MUST contain a Content-Disposition header field ... MUST also contain an additional parameter of "name"".
        ["rack-content-type-and-no-disposition"] = null,
        ["rack-filename-and-no-name"] = null,

        // RFC 2046 section 5.1.1: "There appears to be room for additional information prior to the first boundary delimiter line and following the final
        // boundary delimiter line. ... implementations must ignore".
        ["rack-end-boundary-first"] = "",
        ["rack-preceding-boundary"] = "",

        // Only the three characters that browsers escape are decoded (WHATWG HTML); "%00" stays as it is.
        ["rack-filename-with-null-byte"] = "<files|flowers.exe%00.jpg>",

        // RFC 822 quoted-string: a double quote inside must be escaped.
        ["rack-filename-with-unescaped-quotes"] = null,

        // RFC 2046 section 5.1.1: a header line is a field or folded, and the last part ends in the close-delimiter; this recording has neither.
        ["rack-unity3d-wwwform"] = null,

        // RFC 2046 section 5.1.1: delimiter := CRLF "--" boundary, and section 4.1.1: "The canonical form of any MIME "text" subtype MUST always represent a line
        // break as a CRLF sequence". A bare LF is what readers disagree about.
        ["werkzeug-ie7-unc-path"] = null,

        // RFC 7578 section 4.2 forbids filename*; RFC 8187 section 3.1, which we take in its place, has no continuations: a field then.
        ["werkzeug-rfc2231-filename-continuation"] = "[rfc2231|file contents]",
    };

    [Fact]
    public async Task Every_case_in_every_split()
    {
        var faults = new List<string>();
        var cases = 0;
        foreach (var folder in Directory.GetDirectories(Corpora.Folder("multipart")).Order(StringComparer.Ordinal))
        {
            using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "case.json"), TestContext.Current.CancellationToken));
            var body = await File.ReadAllBytesAsync(Path.Combine(folder, "body.bin"), TestContext.Current.CancellationToken);
            foreach (var pieces in Splits.Of(body, random: 6))
                await Check(json.RootElement, folder, pieces, faults);
            cases++;
        }
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults.Distinct()));
        Assert.True(cases >= 30, $"only {cases} cases");
    }

    private static async Task Check(JsonElement test, string folder, IReadOnlyList<ReadOnlyMemory<byte>> pieces, List<string> faults)
    {
        var name = test.GetProperty("name").GetString()!;
        var expected = test.GetProperty("expected");
        var deviates = Deviations.TryGetValue(name, out var deviation);
        Form form;
        try
        {
            form = await FormReaderTests.Read(test.GetProperty("content_type").GetString()!, pieces, new FormLimits { FileMemoryBytes = 300 });
        }
        catch (BadRequestException fault)
        {
            // A case that other readers disagree about may be refused where the table does not say how we read it.
            var mayFail = expected.TryGetProperty("error", out _) || expected.TryGetProperty("error_or_empty", out _)
                || Text(test, "portability") != "portable";
            if (fault.Status != 400 || !(deviates ? deviation is null : mayFail))
                faults.Add($"{name}: {fault.Status} {fault.Message}");
            return;
        }
        using (form)
        {
            if (deviates)
                Compare(name, deviation ?? "400", Show(form), faults);
            else if (expected.TryGetProperty("error", out _))
                faults.Add($"{name}: no error");
            else
                Compare(name, expected, folder, form, faults);
        }
    }

    private static void Compare(string name, JsonElement expected, string folder, Form form, List<string> faults)
    {
        if (expected.TryGetProperty("fields", out var fields) && fields.ValueKind == JsonValueKind.Array)
        {
            var all = fields.EnumerateArray().Select(field => $"[{Text(field, "name")}|{Text(field, "value")}]");
            Compare(name, string.Concat(all), string.Concat(form.Fields.Select(field => $"[{field.Name}|{field.Value}]")), faults);
        }
        if (expected.TryGetProperty("files", out var files) && files.ValueKind == JsonValueKind.Array)
        {
            Compare(name, $"{files.GetArrayLength()} files", $"{form.Files.Count} files", faults);
            foreach (var (file, sent) in files.EnumerateArray().Zip(form.Files))
                Compare(name, file, folder, sent, faults);
        }
        if (expected.TryGetProperty("file_present", out var present) && form.File(Text(present, "name")!)?.FileName != Text(present, "filename"))
            faults.Add($"{name}: no file {present}");
        if (expected.TryGetProperty("field_present", out var values)
            && values.EnumerateArray().Any(field => form[Text(field, "name")!] != Text(field, "value")))
            faults.Add($"{name}: not all of {values}");
        if (expected.TryGetProperty("field_names_present", out var names) && names.EnumerateArray().Any(field => form[field.GetString()!] is null))
            faults.Add($"{name}: not all of {names}");
        if (expected.TryGetProperty("error_or_empty", out _))
            Compare(name, "", Show(form), faults);
    }

    private static void Compare(string name, JsonElement file, string folder, FormFile sent, List<string> faults)
    {
        Compare(name, Text(file, "name"), sent.Name, faults);
        if (file.TryGetProperty("filename", out var fileName))
            Compare(name, fileName.GetString(), sent.FileName, faults);
        if (file.TryGetProperty("filename_bytes_latin1", out var bytes))
            Compare(name, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes.GetString()!)), sent.FileName, faults);
        if (file.TryGetProperty("content_type", out var contentType))
            Compare(name, contentType.GetString(), sent.ContentType, faults);
        if (file.TryGetProperty("length", out var length))
            Compare(name, length.ToString(), sent.Length.ToString(null, null), faults);
        using var content = sent.OpenRead();
        if (Text(file, "sha256") is { } sha256)
            Compare(name, sha256, Convert.ToHexStringLower(SHA256.HashData(content)), faults);
        if (Text(file, "content_file") is { } contentFile)
            Compare(name, new FileInfo(Path.Combine(folder, contentFile)).Length.ToString(null, null), sent.Length.ToString(null, null), faults);
    }

    private static void Compare(string name, string? expected, string? found, List<string> faults)
    {
        if (expected != found)
            faults.Add($"{name}: expected {expected ?? "nothing"}, found {found ?? "nothing"}");
    }

    private static string? Text(JsonElement json, string property) => json.TryGetProperty(property, out var value) ? value.GetString() : null;

    private static string Show(Form form) =>
        string.Concat(form.Fields.Select(field => $"[{field.Name}|{field.Value}]").Concat(form.Files.Select(file => $"<{file.Name}|{file.FileName}>")));
}

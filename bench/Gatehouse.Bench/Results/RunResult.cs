using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Bench.Results;

/// <summary>One run of a part: where, with what, how, and what each row found. This is the raw data that pages are rendered from.</summary>
internal sealed record RunResult(
    string Part, DateTimeOffset Started, bool Quick, Machine Machine,
    IReadOnlyDictionary<string, string> Versions, IReadOnlyList<string> Method, IReadOnlyList<RowResult> Rows)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [JsonIgnore] public bool Holds => Rows.All(row => row.Holds);

    /// <summary>Writes it as JSON.</summary>
    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, Format) + "\n");

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is not that.</exception>
    public static RunResult Read(string file) =>
        JsonSerializer.Deserialize<RunResult>(File.ReadAllText(file), Format) ?? throw new JsonException($"{file} holds no result");
}

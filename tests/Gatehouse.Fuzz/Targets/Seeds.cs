using System.Text;

namespace Gatehouse.Fuzz.Targets;

/// <summary>Seeds out of literals.</summary>
internal static class Seeds
{
    /// <summary>Each text as one seed; characters up to U+00FF are one byte each.</summary>
    public static IEnumerable<byte[]> Of(params string[] texts) => texts.Select(Encoding.Latin1.GetBytes);
}

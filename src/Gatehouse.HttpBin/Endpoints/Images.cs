using System.Reflection;

namespace Gatehouse.HttpBin.Endpoints;

/// <summary>One picture in four formats.</summary>
internal static class Images
{
    public static ValueTask Negotiated(BinCall call)
    {
        var accept = call.Header("Accept")?.ToLowerInvariant();
        return accept switch
        {
            null => Png(call),
            _ when accept.Contains("image/webp", StringComparison.Ordinal) => WebP(call),
            _ when accept.Contains("image/svg+xml", StringComparison.Ordinal) => Svg(call),
            _ when accept.Contains("image/jpeg", StringComparison.Ordinal) => Jpeg(call),
            _ when accept.Contains("image/png", StringComparison.Ordinal) || accept.Contains("image/*", StringComparison.Ordinal) => Png(call),
            _ => Statuses.EndAsync(call, 406),
        };
    }

    public static ValueTask Png(BinCall call) => call.SendAsync("image/png", Asset("gate.png"));

    public static ValueTask Jpeg(BinCall call) => call.SendAsync("image/jpeg", Asset("gate.jpg"));

    public static ValueTask WebP(BinCall call) => call.SendAsync("image/webp", Asset("gate.webp"));

    public static ValueTask Svg(BinCall call) => call.SendAsync("image/svg+xml", Asset("gate.svg"));

    /// <summary>A file of the folder Assets.</summary>
    public static byte[] Asset(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The assembly has no {name}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

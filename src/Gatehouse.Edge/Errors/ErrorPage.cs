using System.Text;
using Gatehouse.Edge.Routing;
using Gatehouse.Http.Content;

namespace Gatehouse.Edge.Errors;

/// <summary>One page, in memory.</summary>
/// <param name="Body">The page.</param>
/// <param name="Type">Its Content-Type.</param>
/// <param name="Status">The status to send; 0 for the error's own.</param>
/// <param name="Intercepts">True when it also replaces bodies that handlers give.</param>
internal sealed record ErrorPage(byte[] Body, byte[] Type, int Status, bool Intercepts)
{
    /// <summary>The most bytes of a page: it is held in memory.</summary>
    public const int Limit = 1024 * 1024;

    /// <summary>Makes the page.</summary>
    /// <exception cref="IOException">Its file cannot be read, or is too large.</exception>
    public static ErrorPage Load(ErrorPageConfig config)
    {
        byte[]? body;
        byte[] type;
        if (config.File is { } file)
        {
            if (!SettingFile.TryRead(file.Value, Limit, out body, out var fault))
                throw new IOException(fault);
            type = MediaTypes.OfFile(Encoding.UTF8.GetBytes(file.Value));
        }
        else
        {
            body = Encoding.UTF8.GetBytes(config.Body!);
            type = "text/html; charset=utf-8"u8.ToArray();
        }
        return new ErrorPage(body, config.Type is null ? type : Encoding.ASCII.GetBytes(config.Type), config.Status ?? 0, config.Intercept);
    }
}

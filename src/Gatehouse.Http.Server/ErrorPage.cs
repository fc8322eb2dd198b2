using System.Text;
using Gatehouse.Protocols;

namespace Gatehouse.Http.Server;

/// <summary>The page that ends an error which no handler gave a body: made once for each status.</summary>
internal static class ErrorPage
{
    private static readonly byte[]?[] Pages = new byte[]?[600];

    /// <summary>The page for a status from 400 to 599.</summary>
    public static byte[] Of(int status)
    {
        ref var page = ref Pages[status];
        return page ??= Make(status);
    }

    private static byte[] Make(int status)
    {
        var title = $"{status} {Encoding.ASCII.GetString(StatusCodes.Reason(status))}".TrimEnd();
        return Encoding.ASCII.GetBytes(
            $"<!doctype html>\n<html lang=\"en\">\n<head><title>{title}</title></head>\n<body><h1>{title}</h1></body>\n</html>\n");
    }
}

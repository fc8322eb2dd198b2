using Gatehouse.Http;
using Gatehouse.Protocols.Cgi;

namespace Gatehouse.Gateways.Peers;

/// <summary>
/// Where in a request's path the script is: the path is the prefix that is taken away, then the script, then PATH_INFO (RFC 3875 sections 4.1.5 and 4.1.13).
/// </summary>
/// <param name="Prefix">Bytes of the prefix, which the folder of scripts does not have.</param>
/// <param name="InfoStart">Where PATH_INFO begins.</param>
/// <param name="Script">The script's path below the prefix when the request's path does not name it (an index); null when it does.</param>
internal readonly record struct ScriptPlace(int Prefix, int InfoStart, byte[]? Script = null)
{
    /// <summary>The script's path below its folder, with a slash in front.</summary>
    public ReadOnlySpan<byte> PathOf(Request request) => Script ?? request.Path[Prefix..InfoStart];

    /// <summary>Appends SCRIPT_NAME.</summary>
    public void AddName(CgiVariables variables, Request request)
    {
        variables.Begin("SCRIPT_NAME"u8);
        variables.Append(request.Path[..Prefix]);
        variables.Append(PathOf(request));
    }
}

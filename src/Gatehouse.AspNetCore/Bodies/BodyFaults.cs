using Gatehouse.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.AspNetCore.Bodies;

/// <summary>What the engine says of a request at fault in the exceptions that ASP.NET Core's applications know.</summary>
internal static class BodyFaults
{
    /// <summary>A lost connection, or a request that carries the status of its answer.</summary>
    public static Exception Translate(BadRequestException fault) =>
        fault.Status == 499 ? new ConnectionResetException(fault.Message, fault) : new BadHttpRequestException(fault.Message, fault.Status, fault);
}

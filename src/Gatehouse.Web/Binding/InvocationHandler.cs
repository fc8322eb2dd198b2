using Gatehouse.Http;
using Gatehouse.Http.Forms;

namespace Gatehouse.Web;

/// <summary>Calls an application's delegate: reads the body when it wants one, binds, calls, and writes what it returned.</summary>
internal sealed class InvocationHandler<T>(Func<Call, T> bound, ResultWriter<T> writer, BodyNeed body, bool needsSession) : IHandler
{
    public ValueTask HandleAsync(Exchange exchange)
    {
        var call = Call.Of(exchange);
        return body == BodyNeed.None && !needsSession ? Run(call) : ReadAndRunAsync(call);
    }

    private ValueTask Run(Call call)
    {
        var result = bound(call);
        if (!call.HasFaults)
            return writer.WriteAsync(call, result);
        new Problem(400, "The request cannot be understood.") { Errors = call.Faults }.Write(call);
        return default;
    }

    private async ValueTask ReadAndRunAsync(Call call)
    {
        if (needsSession)
            await call.SessionAsync();
        if (body != BodyNeed.None)
            await ReadAsync(call);
        await Run(call);
    }

    private async ValueTask ReadAsync(Call call)
    {
        if (call.Form is not null || !call.Json.IsEmpty)
            return;
        var kind = BodyKind.Of(call.Request);
        if (kind == BodyKind.Form)
            call.Form = await FormReader.ReadAsync(call.Exchange, call.App.Limits.Form);
        else if (body == BodyNeed.Form)
            call.Form = call.Request.HasBody ? throw new BadRequestException(415, "Expected a form: application/x-www-form-urlencoded or multipart/form-data.") : new Form();
        else if (kind == BodyKind.Json)
            call.Json = await Bodies.ReadAsync(call.Exchange, call.App.Limits.JsonBytes);
        else if (call.Request.HasBody)
            throw new BadRequestException(415, "Expected application/json, application/x-www-form-urlencoded or multipart/form-data.");
    }
}

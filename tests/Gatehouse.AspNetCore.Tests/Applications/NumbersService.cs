using Grpc.Core;

namespace Gatehouse.AspNetCore.Tests.Applications;

/// <summary>Each kind of call that gRPC has.</summary>
internal sealed class NumbersService : Numbers.NumbersBase
{
    public override Task<Number> Square(Number request, ServerCallContext context)
    {
        context.ResponseTrailers.Add("squared", request.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Task.FromResult(new Number { Value = request.Value * request.Value, Padding = request.Padding });
    }

    public override async Task CountTo(Number request, IServerStreamWriter<Number> responseStream, ServerCallContext context)
    {
        for (var i = 1; i <= request.Value; i++)
            await responseStream.WriteAsync(new Number { Value = i }, context.CancellationToken);
    }

    public override async Task<Number> Sum(IAsyncStreamReader<Number> requestStream, ServerCallContext context)
    {
        long sum = 0;
        await foreach (var number in requestStream.ReadAllAsync(context.CancellationToken))
            sum += number.Value;
        return new Number { Value = sum };
    }

    public override async Task Double(IAsyncStreamReader<Number> requestStream, IServerStreamWriter<Number> responseStream, ServerCallContext context)
    {
        await foreach (var number in requestStream.ReadAllAsync(context.CancellationToken))
            await responseStream.WriteAsync(new Number { Value = 2 * number.Value }, context.CancellationToken);
    }

    public override Task<Number> Fail(Number request, ServerCallContext context) =>
        throw new RpcException(new Status(StatusCode.FailedPrecondition, "not today"));
}

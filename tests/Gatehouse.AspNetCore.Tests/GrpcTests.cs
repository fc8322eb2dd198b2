using System.Net.Security;
using Gatehouse.AspNetCore.Tests.Applications;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.AspNetCore.Tests;

/// <summary>gRPC with its own client: HTTP/2 with streams both ways and trailers.</summary>
public sealed class GrpcTests
{
    public static TheoryData<ServerKind> Kinds => TestApplication.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Calls_of_every_kind(ServerKind kind)
    {
        await using var app = await TestApplication.StartAsync(kind, isSecure: true, app => app.MapGrpcService<NumbersService>(), builder => builder.Services.AddGrpc());
        using var channel = GrpcChannel.ForAddress(app.Address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true } },
            DisposeHttpClient = true,
        });
        var client = new Numbers.NumbersClient(channel);
        var deadline = DateTime.UtcNow.AddSeconds(60);

        using var square = client.SquareAsync(new Number { Value = 12, Padding = ByteString.CopyFrom(new byte[300_000]) }, deadline: deadline);
        var answer = await square;
        Assert.Equal(144, answer.Value);
        Assert.Equal(300_000, answer.Padding.Length);
        Assert.Equal("12", square.GetTrailers().GetValue("squared"));

        using var count = client.CountTo(new Number { Value = 200 }, deadline: deadline);
        Assert.Equal(Enumerable.Range(1, 200), await count.ResponseStream.ReadAllAsync().Select(number => (int)number.Value).ToListAsync());

        using var sum = client.Sum(deadline: deadline);
        for (var i = 1; i <= 100; i++)
            await sum.RequestStream.WriteAsync(new Number { Value = i });
        await sum.RequestStream.CompleteAsync();
        Assert.Equal(5050, (await sum).Value);

        using var doubled = client.Double(deadline: deadline);
        for (var i = 1; i <= 20; i++)
        {
            await doubled.RequestStream.WriteAsync(new Number { Value = i });
            Assert.True(await doubled.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
            Assert.Equal(2 * i, doubled.ResponseStream.Current.Value);
        }
        await doubled.RequestStream.CompleteAsync();
        Assert.False(await doubled.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await client.FailAsync(new Number(), deadline: deadline));
        Assert.Equal(StatusCode.FailedPrecondition, failure.StatusCode);
        Assert.Equal("not today", failure.Status.Detail);
    }
}

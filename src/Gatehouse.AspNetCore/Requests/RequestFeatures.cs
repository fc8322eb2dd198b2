using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gatehouse.AspNetCore.Requests;

/// <summary>Which features a request has by itself: for who lists them.</summary>
internal static class RequestFeatures
{
    public static readonly Type[] Types =
    [
        typeof(IHttpRequestFeature), typeof(IHttpRequestBodyDetectionFeature), typeof(IRequestBodyPipeFeature), typeof(IHttpRequestTrailersFeature),
        typeof(IHttpRequestIdentifierFeature), typeof(IHttpRequestLifetimeFeature), typeof(IHttpMaxRequestBodySizeFeature),
        typeof(IHttpMinRequestBodyDataRateFeature), typeof(IHttpMinResponseDataRateFeature), typeof(IHttpBodyControlFeature),
        typeof(IHttpResponseFeature), typeof(IHttpResponseBodyFeature), typeof(IHttpResponseTrailersFeature),
        typeof(Microsoft.AspNetCore.Http.Features.IEndpointFeature), typeof(IRouteValuesFeature), typeof(IItemsFeature), typeof(IConnectionLifetimeNotificationFeature),
        typeof(IHttpConnectionFeature), typeof(IConnectionItemsFeature), typeof(ITlsConnectionFeature), typeof(ITlsHandshakeFeature),
        typeof(IHttpUpgradeFeature), typeof(IHttpExtendedConnectFeature), typeof(IHttpResetFeature),
    ];
}

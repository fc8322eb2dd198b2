using Gatehouse.Edge.Routing;
using Gatehouse.Http;
using Gatehouse.HttpBin;

namespace Gatehouse.Config.HttpBin;

/// <summary><c>httpbin</c>: answers that show the request, and answers of every kind to try a client on.</summary>
public sealed class HttpBinFeature() : HandlerFeature<HttpBinConfig>("httpbin", "Answer as httpbin: show the request, or give an answer of the kind that is asked for")
{
    /// <inheritdoc/>
    public override IHandler Build(HttpBinConfig config, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new HttpBinHandler(context.Pattern.Prefix, context.Service<InspectedRequests>().Inspector);
    }
}

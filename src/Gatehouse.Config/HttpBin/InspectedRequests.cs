using Gatehouse.HttpBin.Inspector;

namespace Gatehouse.Config.HttpBin;

/// <summary>What the inspector of httpbin keeps, for as long as the server runs; made when a configuration first has httpbin, so that others do not load it.</summary>
public sealed class InspectedRequests
{
    /// <summary>The inspector of all httpbin handlers.</summary>
    public RequestInspector Inspector => field ??= new RequestInspector();
}

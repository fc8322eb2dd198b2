using System.Text;
using Gatehouse.Edge.Routing;
using Gatehouse.Http;
using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Respond;

/// <summary><c>respond</c>: a fixed answer, as nginx's return.</summary>
public sealed class RespondFeature() : HandlerFeature<RespondConfig>("respond", "Answer with a fixed status, body and header fields")
{
    /// <inheritdoc/>
    public override IHandler Build(RespondConfig config, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new RespondHandler(config);
    }

    /// <inheritdoc/>
    protected override void Validate(RespondConfig config, IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(faults);
        var probe = new HeaderList();
        Check("type", "Content-Type", config.Type);
        foreach (var (name, value) in config.Headers)
            Check($"headers.{name}", name, value);

        void Check(string setting, string name, string value)
        {
            try
            {
                probe.Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
            }
            catch (ArgumentException exception)
            {
                faults.Report(setting, exception.Message);
            }
        }
    }
}

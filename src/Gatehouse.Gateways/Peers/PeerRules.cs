using System.Text;
using Gatehouse.Edge.Files;
using Gatehouse.Edge.Relay;
using Gatehouse.Edge.Routing;
using Gatehouse.Gateways.Supervision;

namespace Gatehouse.Gateways.Peers;

/// <summary>How one route's requests go to its peers: a snapshot made from its configuration.</summary>
internal sealed class PeerRules
{
    /// <summary>Makes the snapshot.</summary>
    public PeerRules(PeerConfig config, FeatureContext context)
    {
        Strip = Encoding.UTF8.GetBytes(config.Strip ?? "");
        Buffering = config.Buffering;
        Variables = new ScriptVariables(config.Root?.Value ?? "", config.Params);
        Folder = config.Root is { } root ? new ScriptFolder(root.Value, config.Split, config.Index, config.Exists) : null;
        string[] named = [.. config.SendFiles.Select(folder => folder.Value)];
        if (named.Length == 0 && config.Root is { } only)
            named = [only.Value];
        Answer = new ScriptAnswer(context.Site, named.Length == 0 ? null : new NamedFiles(context.Service<FileStores>(), named));
        Log = context.Service<GatewayLog>();
    }

    /// <summary>The prefix of the path that is taken away; empty for none.</summary>
    public byte[] Strip { get; }

    /// <summary>How bodies are collected.</summary>
    public Buffering Buffering { get; }

    /// <summary>Makes the variables.</summary>
    public ScriptVariables Variables { get; }

    /// <summary>Where scripts are; null for one application.</summary>
    public ScriptFolder? Folder { get; }

    /// <summary>What becomes of an answer.</summary>
    public ScriptAnswer Answer { get; }

    /// <summary>Where scripts' error output goes.</summary>
    public GatewayLog Log { get; }

    /// <summary>Bytes that are taken away from <paramref name="path"/>: 0 when it does not lie below the prefix.</summary>
    public int StripFrom(ReadOnlySpan<byte> path) => path.StartsWith(Strip) && (path.Length == Strip.Length || path[Strip.Length] == '/') ? Strip.Length : 0;
}

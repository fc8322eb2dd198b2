using System.Text;
using Gatehouse.Edge.Relay;
using Gatehouse.Gateways.Peers;
using Gatehouse.Gateways.Supervision;
using Gatehouse.Http.Client;

namespace Gatehouse.Gateways.Cgi;

/// <summary>How one route's scripts are run: a snapshot made from its configuration, and the count of those that run.</summary>
internal sealed class CgiRules(CgiConfig config, string strip, ScriptAnswer answer, GatewayLog log)
{
    private int _running;

    /// <summary>The folder of scripts.</summary>
    public string Root { get; } = config.Root.Value;

    /// <summary>The prefix of the path that the folder does not have.</summary>
    public byte[] Strip { get; } = Encoding.UTF8.GetBytes(strip);

    /// <summary>How bodies are collected.</summary>
    public Buffering Buffering { get; } = config.Buffering;

    /// <summary>Makes the variables.</summary>
    public ScriptVariables Variables { get; } = new(config.Root.Value, WithPath(config));

    /// <summary>How long a script may be silent.</summary>
    public ClientTimeouts Timeouts { get; } = new() { FirstByte = config.Timeout, Idle = config.Timeout };

    /// <summary>What becomes of an answer.</summary>
    public ScriptAnswer Answer => answer;

    /// <summary>Where scripts' error output goes.</summary>
    public GatewayLog Log => log;

    /// <summary>Scripts that may run at a time.</summary>
    public int Processes => config.Processes;

    /// <summary>Counts a script that is about to run; false when there are enough.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _running) <= config.Processes)
            return true;
        Interlocked.Decrement(ref _running);
        return false;
    }

    /// <summary>A script has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref _running);

    private static Dictionary<string, string> WithPath(CgiConfig config)
    {
        var more = new Dictionary<string, string> { ["PATH"] = config.Path };
        foreach (var (name, value) in config.Params)
            more[name] = value;
        return more;
    }
}

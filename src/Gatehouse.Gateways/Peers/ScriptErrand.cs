namespace Gatehouse.Gateways.Peers;

/// <summary>What a script leaves to this server.</summary>
internal enum ScriptErrandKind
{
    /// <summary>Nothing: the answer is the script's own.</summary>
    None,

    /// <summary>To answer as if another path of this server had been asked for.</summary>
    Redirect,

    /// <summary>To send a file.</summary>
    File,
}

/// <summary>One errand and its target: a path of this server with its query, or the path of a file.</summary>
internal readonly record struct ScriptErrand(ScriptErrandKind Kind, byte[] Target);

using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Load;

/// <summary>Loads a server from the load's core for whole seconds, in a closed loop.</summary>
internal delegate Task<LoadResult> LoadTool(Session session, RunningServer server, Work work, int seconds);

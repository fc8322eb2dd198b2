using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Gatehouse.Micro.Dns;

// dotnet run -c Release --project bench/Gatehouse.Micro -- --filter '*DnsMessage*'
// With 'memory NAMES' in front: what a cache of so many names takes, without BenchmarkDotNet.
if (args is ["memory", var names])
    return CacheMemory.Run(int.Parse(names, System.Globalization.CultureInfo.InvariantCulture));
// In this process: a benchmark's own project would have to be built first.
var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
return 0;

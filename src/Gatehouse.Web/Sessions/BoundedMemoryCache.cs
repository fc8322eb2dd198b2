using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Gatehouse.Web;

/// <summary>A store in this process's memory, with a bound: what does not fit pushes out what was used the longest ago.</summary>
internal sealed class BoundedMemoryCache() : MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions { SizeLimit = 64 * 1024 * 1024 }));

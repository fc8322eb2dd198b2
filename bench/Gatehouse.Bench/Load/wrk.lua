-- Arguments behind the URL: the number of bytes to send with each request, if any. The request is made once, before the load.
init = function(args)
  if #args > 0 then
    wrk.method = "POST"
    wrk.body = string.rep("x", tonumber(args[1]))
  end
end

-- Beside it only `done` is defined: without `request` and `response` wrk's hot path never enters Lua.
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format(
    "\nsummary requests=%.0f bytes=%.0f microseconds=%.0f connect=%.0f read=%.0f write=%.0f status=%.0f timeout=%.0f p50=%.0f p99=%.0f\n",
    summary.requests, summary.bytes, summary.duration, e.connect, e.read, e.write, e.status, e.timeout,
    latency:percentile(50), latency:percentile(99)))
end

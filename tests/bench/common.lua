-- What the load scripts share. wrk runs each script once a thread; after `--` it is given:
--   1 the bearer token   2 a file of users (id, userName, externalId, tabs between)
--   3 a word that makes new names differ from those of other runs   4 ids of groups, commas between

local common = {}

local threads = 0

-- Called by wrk for every thread, in the main thread: gives each a number from 0.
function setup(thread)
  thread:set("worker", threads)
  threads = threads + 1
end

-- Reads the words after `--`. `wrk.path` is the path of the SCIM base URL.
function common.start(args)
  wrk.headers["Authorization"] = "Bearer " .. args[1]
  wrk.headers["Content-Type"] = "application/scim+json"
  math.randomseed(os.time() + worker * 7919)
  local users = {}
  for line in io.lines(args[2]) do
    local id, name, external = line:match("^(.-)\t(.-)\t(.-)$")
    users[#users + 1] = { id = id, name = name, external = external }
  end
  local groups = {}
  for id in (args[4] or ""):gmatch("[^,]+") do
    groups[#groups + 1] = id
  end
  return { base = wrk.path, users = users, word = args[3], groups = groups }
end

-- A random GUID in the usual spelling.
function common.guid()
  local r = math.random
  return string.format("%04x%04x-%04x-4%03x-%04x-%04x%04x%04x", r(0, 65535), r(0, 65535),
    r(0, 65535), r(0, 4095), r(32768, 49151), r(0, 65535), r(0, 65535), r(0, 65535))
end

-- The next user in a walk that meets all of them, and that threads begin at different places.
function common.walk(users)
  local at = math.random(0, #users - 1)
  return function()
    at = (at + 7919) % #users
    return users[at + 1]
  end
end

-- Called by wrk at the end: one line for the program that started it.
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("figures requests=%d microseconds=%d refused=%d broken=%d p50=%d p99=%d\n",
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end

return common

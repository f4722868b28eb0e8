-- Looks users up as Microsoft Entra does before it writes: by a userName that exists, and by the
-- externalId of somebody who does not exist yet, in turns.

local common = dofile("common.lua")
local world, next_user
local count = 0

function init(args)
  world = common.start(args)
  next_user = common.walk(world.users)
end

function request()
  count = count + 1
  local filter
  if count % 2 == 0 then
    filter = "userName+eq+%22" .. next_user().name .. "%22"
  else
    filter = "externalId+eq+%22" .. common.guid() .. "%22"
  end
  return wrk.format("GET", world.base .. "/Users?filter=" .. filter)
end

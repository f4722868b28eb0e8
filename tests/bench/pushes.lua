-- Pushes members into groups, one group for each thread (run it with as many connections as
-- threads): adds every user, then takes every user out again, so that each PATCH changes something.

local common = dofile("common.lua")
local world, group
local count = 0

local HEAD = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":['
local ADD = HEAD .. '{"op":"Add","path":"members","value":[{"$ref":null,"value":"%s"}]}]}'
local REMOVE = HEAD .. '{"op":"Remove","path":"members[value eq \\"%s\\"]"}]}'

function init(args)
  world = common.start(args)
  group = world.groups[worker % #world.groups + 1]
end

function request()
  local users = world.users
  local round, place = math.floor(count / #users), count % #users
  count = count + 1
  local body = (round % 2 == 0 and ADD or REMOVE):format(users[place + 1].id)
  return wrk.format("PATCH", world.base .. "/Groups/" .. group, nil, body)
end

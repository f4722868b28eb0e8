-- Changes users as Microsoft Entra does without its compatibility flag: "Replace" with a capital,
-- a plain attribute, one of the enterprise schema, and a value path.

local common = dofile("common.lua")
local world, next_user
local count = 0

local BODY = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":['
  .. '{"op":"Replace","path":"displayName","value":"Lee Anna %s"},'
  .. '{"op":"Replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",'
  .. '"value":"Department %d"},'
  .. '{"op":"Replace","path":"emails[type eq \\"work\\"].value","value":"%s-%d@example.com"}]}'

function init(args)
  world = common.start(args)
  next_user = common.walk(world.users)
end

function request()
  count = count + 1
  local body = BODY:format(common.guid(), count, world.word, count)
  return wrk.format("PATCH", world.base .. "/Users/" .. next_user().id, nil, body)
end

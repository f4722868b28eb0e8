-- Creates users as Microsoft Entra does: core and enterprise schema, a name that nobody has.

local common = dofile("common.lua")
local world
local count = 0

local BODY = '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",'
  .. '"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],'
  .. '"externalId":"%s","userName":"%s@example.com","active":true,"displayName":"Lee Anna %d",'
  .. '"emails":[{"primary":true,"type":"work","value":"%s@example.com"}],'
  .. '"meta":{"resourceType":"User"},"name":{"formatted":"Anna Lee","familyName":"Lee",'
  .. '"givenName":"Anna"},"roles":[],"title":"Engineer",'
  .. '"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":'
  .. '{"employeeNumber":"%d","department":"Research"}}'

function init(args)
  world = common.start(args)
end

function request()
  count = count + 1
  local name = world.word .. "-" .. worker .. "-" .. count
  local body = BODY:format(common.guid(), name, count, name, count)
  return wrk.format("POST", world.base .. "/Users", nil, body)
end

/** Standing in line and leaving it, in Lua. KEYS[1]: `<prefix>:fair`; ARGV[1]: queue, ARGV[2]: BullMQ's key prefix. */
import { addPrioritizedJob } from "bullmq/dist/esm/scripts/addPrioritizedJob-9.js";
import { ACCOUNT_SCRIPT } from "./account-script.ts";
import { STANDING_SCRIPT } from "./place-script.ts";

/**
 * Adds an entry with its tag as BullMQ's priority: BullMQ's own script, with the priority decided just before it.
 * ARGV: [3] id, [4] data, [5] name, [6] epoch ms, [7] BullMQ's options as JSON, [8] owner, [9] strategy, [10] weight,
 * [11] the cost as its producer estimates it, or nothing, [12] key of the live workers, or nothing where nobody asks for the place.
 * Answers how many entries of the owner wait then, and its place. An entry that is there already stays as it is, and
 * is not looked for in the line.
 */
export const ADD_SCRIPT = `${ACCOUNT_SCRIPT}${STANDING_SCRIPT}
local id, owner, strategy = ARGV[3], ARGV[8], ARGV[9]
local given = ARGV[11] ~= '' and ARGV[11] or false
if call('EXISTS', jobs .. id) == 1 then return {call('ZCARD', own .. ':waiting:' .. owner)} end
if ARGV[10] == '1' then call('HDEL', root .. ':weights', owner)
else call('HSET', root .. ':weights', owner, ARGV[10]) end

local arrival = call('HINCRBY', own, 'arrivals', 1)
local waiting = own .. ':waiting:' .. owner
call('ZADD', waiting, arrival, id)
call('SADD', own .. ':owners', owner)
local options = cjson.decode(ARGV[7])
local start, cost
if hasRoom(owner) then
  start, cost = charge(owner, strategy, given)
  options.priority = priorityOf(start)
else
  options.priority = FAR + arrival
end

local function addToBullMQ(KEYS, ARGV)
${addPrioritizedJob.content}
end
addToBullMQ(
  {jobs .. 'marker', jobs .. 'meta', jobs .. 'id', jobs .. 'prioritized', jobs .. 'delayed', jobs .. 'completed',
    jobs .. 'active', jobs .. 'events', jobs .. 'pc'},
  {cmsgpack.pack({jobs, id, ARGV[5], ARGV[6]}), ARGV[4], cmsgpack.pack(options)}
)
local fields = {'fo', owner, 'fk', strategy}
if given then fields[5], fields[6] = 'fg', given end
if start then
  call('ZADD', own .. ':near:' .. owner, text(start), id)
  for _, value in ipairs({'fs', text(start), 'fe', text(cost)}) do fields[#fields + 1] = value end
end
call('HSET', jobs .. id, unpack(fields))
if ARGV[12] == '' then return {call('ZCARD', waiting)} end
return {call('ZCARD', waiting), inLine(id, owner, call('ZRANK', jobs .. 'prioritized', id) or 0, ARGV[12])}
`;

/** Before an entry is removed. ARGV: [3] id. */
export const LEAVE_SCRIPT = `${ACCOUNT_SCRIPT}
local entry = call('HMGET', jobs .. ARGV[3], 'fo', 'fe')
local owner = entry[1]
if not owner then return 0 end
if forget(owner, ARGV[3]) then correct(owner, -(tonumber(entry[2]) or 0)) end
moveUp(owner)
return 1
`;

/** How many entries of an owner wait. ARGV: [3] owner. */
export const COUNT_SCRIPT = `${ACCOUNT_SCRIPT}
return call('ZCARD', own .. ':waiting:' .. ARGV[3])
`;

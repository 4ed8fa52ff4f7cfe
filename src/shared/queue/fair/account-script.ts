/**
 * The accounts of start-time fair queueing, in Lua: what the scripts of this directory share.
 *
 * Goyal, Vin and Cheng, "Start-time Fair Queuing" (1996): each owner's work gets a start tag and a finish tag in
 * virtual milliseconds; the least start tag runs first.
 *
 *   start  = max(virtual time, the owner's finish tag)      finish = start + cost / weight
 *
 * Virtual time is the start tag of what was handed out last, so that who was away saves nothing up. Costs are CPU
 * milliseconds: estimated when the tag is given, corrected when the executor has measured them.
 *
 * Only an owner's first NEAR entries have tags; the others stand far behind, in their order, and get theirs as those
 * before them are handed out. So a wrong estimate spoils the place of a few entries and not of ten thousand, and an
 * entry that nobody gave a tag (its worker died between two commands) still comes up when nothing else waits.
 *
 * Keys, all below `<prefix>:fair`, for a queue Q and an owner O:
 *   Q            hash: `clock`, the virtual time; `arrivals`, a counter; for estimates of waiting `gapMs` and `gaps`, the
 *                times between two ends while entries waited and how many (older ones fade), `endedAt`, the last
 *                such end, and `wallMs`, `atOnce` for as long as no gap is known
 *   Q:finish     sorted set: owner by finish tag; those behind the clock are dropped, since they count as new
 *   Q:owners     set of the owners with waiting entries
 *   Q:waiting:O  sorted set: waiting entries in their order of arrival
 *   Q:near:O     sorted set: those of them that have a tag, by tag
 *   Q:parked:O   sorted set: entries that wait for the owner's running limit, in their order
 *   running:O    sorted set: entries that run, of all queues, by their start (epoch ms)
 *   cost:O       hash: moving average of CPU ms by strategy, and of all under `*`
 *   weights      hash: owner by weight, where it is not 1
 * and in BullMQ's own hash of an entry: `fo` owner, `fk` strategy, `fg` cost as its producer
 * estimates it, and while it is charged `fs` start tag, `fe` estimated cost.
 */
export const ACCOUNT_SCRIPT = `
local root, queue = KEYS[1], ARGV[1]
local own = root .. ':' .. queue
local jobs = ARGV[2]
local NEAR, TRIES = 4, 16
local FIRST_COST, COST_SHARE, COSTS_MAX, COSTS_TTL = 20, 0.3, 200, 604800
local CARRY = 5000
local FAR = 35184372088832
local GAPS_KNOWN, GAP_KEPT, GAP_MAX = 3, 0.97, 60000
local call = redis.call

local function text(number) return string.format('%.3f', number) end
local function clock() return tonumber(call('HGET', own, 'clock')) or 0 end
local function redisMs()
  local time = call('TIME')
  return time[1] * 1000 + time[2] / 1000
end
local function weightOf(owner) return tonumber(call('HGET', root .. ':weights', owner)) or 1 end

-- Tenths of a virtual millisecond. Above BullMQ's documented range, which holds for its JavaScript alone: in its
-- scripts a priority is a factor of a double, exact up to 2^53, so that the clock never wraps.
local function priorityOf(tag) return math.floor(tag * 10) + 1 end
local function scoreOf(priority) return priority * 4294967296 end

local function estimate(owner, strategy, given)
  if given then return tonumber(given) end
  local known = call('HMGET', root .. ':cost:' .. owner, strategy, '*')
  return tonumber(known[1]) or tonumber(known[2]) or FIRST_COST
end

local function charge(owner, strategy, given)
  local cost = estimate(owner, strategy, given)
  local start = math.max(clock(), tonumber(call('ZSCORE', own .. ':finish', owner)) or 0)
  call('ZADD', own .. ':finish', text(start + cost / weightOf(owner)), owner)
  return start, cost
end

local function place(id, owner, start, cost)
  call('ZADD', own .. ':near:' .. owner, text(start), id)
  call('HSET', jobs .. id, 'priority', priorityOf(start), 'fs', text(start), 'fe', text(cost))
  if call('ZSCORE', jobs .. 'prioritized', id) then
    call('ZADD', jobs .. 'prioritized', scoreOf(priorityOf(start)), id)
  end
end

-- What the owner had was worth so much more or less than charged. The entries that have their tags already were
-- placed behind it, by the same estimates: they get new ones, in their order.
local function correct(owner, byCost)
  local weight = weightOf(owner)
  local finish = math.max(clock(), tonumber(call('ZSCORE', own .. ':finish', owner)) or 0)
  local near = call('ZRANGE', own .. ':near:' .. owner, 0, -1)
  for _, id in ipairs(near) do
    finish = finish - (tonumber(call('HGET', jobs .. id, 'fe')) or 0) / weight
  end
  call('ZADD', own .. ':finish', text(math.max(clock(), finish + byCost / weight)), owner)
  for _, id in ipairs(near) do
    local kind = call('HMGET', jobs .. id, 'fk', 'fg')
    if kind[1] then
      local start, cost = charge(owner, kind[1], kind[2])
      place(id, owner, start, cost)
    end
  end
end

-- The owner's next entry without a tag, in order of arrival; ids whose entry is gone are dropped on the way.
local function nextFar(owner)
  for _ = 1, TRIES do
    local found
    for _, id in ipairs(call('ZRANGE', own .. ':waiting:' .. owner, 0, NEAR)) do
      if not call('ZSCORE', own .. ':near:' .. owner, id) then
        found = id
        break
      end
    end
    if not found then return nil end
    local kind = call('HMGET', jobs .. found, 'fk', 'fg')
    if kind[1] then return found, kind[1], kind[2] end
    call('ZREM', own .. ':waiting:' .. owner, found)
  end
end

-- An entry that waits aside comes back to the line at once.
local function wake(id, at)
  if call('ZREM', at .. 'delayed', id) == 0 then return false end
  call('HSET', at .. id, 'delay', 0)
  call('ZADD', at .. 'prioritized', scoreOf(tonumber(call('HGET', at .. id, 'priority')) or 1), id)
  call('ZADD', at .. 'marker', 0, '0')
  return true
end

local function forget(owner, id)
  call('ZREM', own .. ':waiting:' .. owner, id)
  call('ZREM', own .. ':parked:' .. owner, id)
  return call('ZREM', own .. ':near:' .. owner, id) == 1
end

-- Whether the owner may have one more tag. One whose entry is gone, whatever took it, gives its place back.
local function hasRoom(owner)
  if call('ZCARD', own .. ':near:' .. owner) < NEAR then return true end
  local first = call('ZRANGE', own .. ':near:' .. owner, 0, 0)[1]
  if call('EXISTS', jobs .. first) == 1 then return false end
  return forget(owner, first)
end

-- An entry left the line: the next one of its owner gets a tag.
local function moveUp(owner)
  if call('EXISTS', own .. ':waiting:' .. owner) == 0 then
    call('SREM', own .. ':owners', owner)
    return
  end
  if not hasRoom(owner) then return end
  local id, strategy, given = nextFar(owner)
  if id then
    local start, cost = charge(owner, strategy, given)
    place(id, owner, start, cost)
  end
end
`;

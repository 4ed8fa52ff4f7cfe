/** What a worker tells of an entry that it was handed, in Lua. KEYS and first ARGV as in line-scripts.ts. */
import { ACCOUNT_SCRIPT } from "./account-script.ts";

/**
 * An entry's turn begins. ARGV: [3] id, [4] owner, [5] strategy, [6] epoch ms, [7] most entries of the owner that may
 * run (0: any number), [8] ms after which a running entry whose end was never told is forgotten.
 * Answers its charge in ms, or -1 if the owner runs as many as it may: the entry is to wait aside.
 */
export const BEGIN_SCRIPT = `${ACCOUNT_SCRIPT}
local id, owner, now, most = ARGV[3], ARGV[4], tonumber(ARGV[6]), tonumber(ARGV[7])
local running = root .. ':running:' .. owner
call('ZREMRANGEBYSCORE', running, '-inf', now - ARGV[8])
if most > 0 and call('ZCARD', running) >= most and not call('ZSCORE', running, id) then
  call('ZADD', own .. ':parked:' .. owner, call('ZSCORE', own .. ':waiting:' .. owner, id) or 0, id)
  return '-1'
end

forget(owner, id)
local charged = call('HMGET', jobs .. id, 'fs', 'fe', 'fg')
local start, cost = tonumber(charged[1]), tonumber(charged[2])
if not cost then
  start, cost = charge(owner, ARGV[5], charged[3])
  if call('EXISTS', jobs .. id) == 1 then call('HSET', jobs .. id, 'fs', text(start), 'fe', text(cost)) end
end
if start > clock() then call('HSET', own, 'clock', text(start)) end
call('ZREMRANGEBYSCORE', own .. ':finish', '-inf', '(' .. text(clock()))
call('ZADD', running, now, id)
call('PEXPIRE', running, ARGV[8])
moveUp(owner)
return text(cost)
`;

/**
 * Its turn ends. ARGV: [3] id, [4] owner, [5] strategy, [6] what it was charged, [7] what it cost, in CPU ms,
 * [8] 1 if that was measured, [9] ms of wall time, [10] entries that all workers run at once, [11] the other queue,
 * [12] 1 if the entry does not come back.
 */
export const END_SCRIPT = `${ACCOUNT_SCRIPT}
local id, owner, strategy = ARGV[3], ARGV[4], ARGV[5]
local charged, cost, measured = tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8] == '1'
local other = root .. ':' .. ARGV[11]
local weight = weightOf(owner)
call('ZREM', root .. ':running:' .. owner, id)
call('HDEL', jobs .. id, 'fs', 'fe')

if measured then
  local costs = root .. ':cost:' .. owner
  if call('HLEN', costs) > COSTS_MAX then call('DEL', costs) end
  for _, field in ipairs({strategy, '*'}) do
    local known = tonumber(call('HGET', costs, field)) or cost
    call('HSET', costs, field, text(known + COST_SHARE * (cost - known)))
  end
  call('EXPIRE', costs, COSTS_TTL)
  local wall, pace = tonumber(ARGV[9]), tonumber(call('HGET', own, 'wallMs'))
  call('HSET', own, 'wallMs', text(pace and pace + 0.1 * (wall - pace) or wall), 'atOnce', ARGV[10])
end

-- The pace of the line: what takes executions, stores and other queues into account without knowing of them.
if ARGV[12] == '1' then
  local at, pace = redisMs(), call('HMGET', own, 'endedAt', 'gapMs', 'gaps')
  if pace[1] then
    local gap = math.max(0, math.min(at - tonumber(pace[1]), GAP_MAX))
    call('HSET', own, 'gapMs', text((tonumber(pace[2]) or 0) * GAP_KEPT + gap))
    call('HSET', own, 'gaps', text((tonumber(pace[3]) or 0) * GAP_KEPT + 1))
  end
  if call('ZCARD', jobs .. 'prioritized') > 0 then call('HSET', own, 'endedAt', text(at))
  else call('HDEL', own, 'endedAt') end
end

local wrongBy = cost - charged
if math.abs(wrongBy) > 0.1 * charged then correct(owner, wrongBy) end

-- One account for both queues: what is used in one counts in the other, within bounds, so that the use of slots that
-- nobody wanted does not keep an owner waiting for long.
if cost > 0 and call('EXISTS', other .. ':owners') == 1 then
  local there = tonumber(call('HGET', other, 'clock')) or 0
  local tail = math.max(there, tonumber(call('ZSCORE', other .. ':finish', owner)) or 0)
  local carried = math.max(tail, math.min(tail + cost / weight, there + CARRY / weight))
  call('ZADD', other .. ':finish', text(carried), owner)
end

-- A place below the owner's running limit is free: the first that waits aside, in either queue, may come again.
for _, name in ipairs({queue, ARGV[11]}) do
  local parked = root .. ':' .. name .. ':parked:' .. owner
  local first = call('ZRANGE', parked, 0, 0)[1]
  if first and wake(first, string.sub(jobs, 1, -#queue - 2) .. name .. ':') then call('ZREM', parked, first) end
end
return 1
`;

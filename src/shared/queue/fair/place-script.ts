/** Where an entry stands, in Lua. KEYS and first ARGV as in line-scripts.ts. */
import { ACCOUNT_SCRIPT } from "./account-script.ts";

/**
 * `standing(...)`, without looking at other entries: where it is (gone, line, delayed, parked or taken), its rank in
 * the queue and among its owner's entries (from 0), whether it has a tag, entries in the queue, owners who wait, epoch
 * ms until which it is delayed, live workers, then the pace: ms between two ends while entries waited, ms since the
 * last one (0 and 0 while none are known), mean ms of an execution, entries that all workers run at once.
 */
export const STANDING_SCRIPT = `
local function standing(where, rank, ownRank, tagged, delayed, workers)
  local first = call('LLEN', jobs .. 'wait')
  local pace = call('HMGET', own, 'gapMs', 'gaps', 'endedAt', 'wallMs', 'atOnce')
  local gaps = tonumber(pace[2]) or 0
  local gap = gaps >= GAPS_KNOWN and tonumber(pace[1]) / gaps or 0
  local since = pace[3] and redisMs() - tonumber(pace[3]) or 0
  return {
    where, first + rank, ownRank, tagged, first + call('ZCARD', jobs .. 'prioritized'),
    call('SCARD', own .. ':owners'), math.floor((tonumber(delayed) or 0) / 4096), call('ZCARD', workers),
    text(gap), text(since), pace[4] or '0', pace[5] or '1'
  }
end

local function inLine(id, owner, rank, workers)
  return standing('line', rank, call('ZRANK', own .. ':waiting:' .. owner, id) or 0,
    call('ZSCORE', own .. ':near:' .. owner, id) and 1 or 0, false, workers)
end
`;

/** Of an entry. ARGV: [3] id, [4] owner, [5] key of the live workers. */
export const PLACE_SCRIPT = `${ACCOUNT_SCRIPT}${STANDING_SCRIPT}
local id, owner, workers = ARGV[3], ARGV[4], ARGV[5]
if call('EXISTS', jobs .. id) == 0 then return {'gone'} end
local rank = call('ZRANK', jobs .. 'prioritized', id)
if rank then return inLine(id, owner, rank, workers) end
local delayed = call('ZSCORE', jobs .. 'delayed', id)
local where = 'taken'
if call('ZSCORE', own .. ':parked:' .. owner, id) then where = 'parked' elseif delayed then where = 'delayed' end
local ownRank = call('ZRANK', own .. ':waiting:' .. owner, id) or 0
return standing(where, 0, ownRank, call('ZSCORE', own .. ':near:' .. owner, id) and 1 or 0, delayed, workers)
`;

/** Of an entry that its owner would add now. ARGV: [3] owner, [4] key of the live workers. Changes nothing. */
export const NEXT_PLACE_SCRIPT = `${ACCOUNT_SCRIPT}${STANDING_SCRIPT}
local owner, workers = ARGV[3], ARGV[4]
local ownRank = call('ZCARD', own .. ':waiting:' .. owner)
local tagged = call('ZCARD', own .. ':near:' .. owner) < NEAR
local rank = call('ZCARD', jobs .. 'prioritized')
if tagged then
  local tag = math.max(clock(), tonumber(call('ZSCORE', own .. ':finish', owner)) or 0)
  rank = call('ZCOUNT', jobs .. 'prioritized', '-inf', '(' .. text(scoreOf(priorityOf(tag) + 1)))
end
local place = standing('line', rank, ownRank, tagged and 1 or 0, false, workers)
if ownRank == 0 then place[6] = place[6] + 1 end
return place
`;

/** Where an entry stands, in Lua. KEYS and first ARGV as in line-scripts.ts. */
import { ACCOUNT_SCRIPT } from "./account-script.ts";

/**
 * ARGV: [3] id, [4] owner, [5] key of the live workers. Answers, without looking at other entries: where it is (gone,
 * line, delayed, parked or taken), its rank in the queue and among its owner's entries (from 0), whether it has a tag,
 * entries in the queue, owners who wait, epoch ms until which it is delayed, mean ms of an
 * execution, entries that all workers run at once, live workers.
 */
export const PLACE_SCRIPT = `${ACCOUNT_SCRIPT}
local id, owner = ARGV[3], ARGV[4]
if call('EXISTS', jobs .. id) == 0 then return {'gone'} end
local first = call('LLEN', jobs .. 'wait')
local rank = call('ZRANK', jobs .. 'prioritized', id)
local delayed = call('ZSCORE', jobs .. 'delayed', id)
local where = 'taken'
if rank then where = 'line' elseif call('ZSCORE', own .. ':parked:' .. owner, id) then where = 'parked'
elseif delayed then where = 'delayed' end
local pace = call('HMGET', own, 'wallMs', 'atOnce')
return {
  where, first + (rank or 0), call('ZRANK', own .. ':waiting:' .. owner, id) or 0,
  call('ZSCORE', own .. ':near:' .. owner, id) and 1 or 0, first + call('ZCARD', jobs .. 'prioritized'),
  call('SCARD', own .. ':owners'), math.floor((tonumber(delayed) or 0) / 4096), pace[1] or '0', pace[2] or '1',
  call('ZCARD', ARGV[5])
}
`;

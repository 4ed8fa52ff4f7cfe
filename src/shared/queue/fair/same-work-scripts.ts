/**
 * Which job did, or does, the same work, in Lua. KEYS and first ARGV as in line-scripts.ts; ARGV[3] names the work,
 * ARGV[4] is the time in ms for which the job store keeps jobs that ended.
 *
 * `<prefix>:fair:same:<work>` holds `run:<job>` while that job executes and `done:<job>` for a day after it has ended;
 * beside it, under `:waiting`, are the entries that wait aside for its end.
 *
 * Whether the job store may have what is not named here is worth knowing: asking Firestore costs a read. Below
 * `<prefix>:fair:seen:<span>` lie bitmaps of at most 1 MB, one for each span of a quarter of the retention: the bit that
 * belongs to a work is set when it was done in that time, and `:from` is since when they say all, 1 for ever. One that
 * is not set, in bitmaps that reach back to the oldest job that is kept, means that the store has nothing.
 */
import { ACCOUNT_SCRIPT } from "./account-script.ts";

const SEEN_SCRIPT = `
local BITS, SPANS, DAY = 8388608, 4, 86400000
local kept = tonumber(ARGV[4])
local span = math.max(DAY, math.ceil(kept / SPANS))
local seen = root .. ':seen:' .. span
local bit = tonumber(string.sub(redis.sha1hex(ARGV[3]), 1, 8), 16) % BITS
local function spanAt(ms) return math.floor(ms / span) end
`;

/**
 * ARGV: [5] the job that asks, [6] ms that an execution may take, [7] a job whose result is of no use, or nothing.
 * Answers {'run', 'new'}: nobody did the work, do it; {'run', 'may be stored'}: nobody as far as is known here, or
 * {'run', 'unknown'}: where nobody has said yet what the job store had when this index began; {'wait'}: another job
 * does it; {'done', job}.
 */
export const CLAIM_SCRIPT = `${ACCOUNT_SCRIPT}${SEEN_SCRIPT}
local key, id = root .. ':same:' .. ARGV[3], ARGV[5]

local function knowledge()
  local at, from = redisMs(), call('GET', seen .. ':from')
  if not from then return 'unknown' end
  if tonumber(from) > at - kept then return 'may be stored' end
  for index = spanAt(at - kept), spanAt(at) do
    if call('GETBIT', seen .. ':' .. index, bit) == 1 then return 'may be stored' end
  end
  return 'new'
end

local held = call('GET', key)
if not held or held == 'run:' .. id or held == 'done:' .. ARGV[7] then
  call('SET', key, 'run:' .. id, 'PX', ARGV[6])
  return {'run', held and 'new' or knowledge()}
end
if string.sub(held, 1, 5) == 'done:' then return {'done', string.sub(held, 6)} end
call('SADD', key .. ':waiting', id)
call('PEXPIRE', key .. ':waiting', ARGV[6])
return {'wait'}
`;

/** The index begins. ARGV: [3] nothing, [5] 1 if the job store has work that it does not know of. */
export const BEGIN_INDEX_SCRIPT = `${ACCOUNT_SCRIPT}${SEEN_SCRIPT}
return call('SET', seen .. ':from', ARGV[5] == '1' and string.format('%.0f', redisMs()) or '1', 'NX') and 1 or 0
`;

/** The work has ended. ARGV: [5] the job that did it, [6] ms for which it is named; 0: its end is of no use. */
export const RELEASE_SCRIPT = `${ACCOUNT_SCRIPT}${SEEN_SCRIPT}
local key, id = root .. ':same:' .. ARGV[3], ARGV[5]
if ARGV[6] ~= '0' then
  call('SET', key, 'done:' .. id, 'PX', ARGV[6])
  local bits = seen .. ':' .. spanAt(redisMs())
  call('SETBIT', bits, bit, 1)
  call('PEXPIRE', bits, kept + 2 * span)
elseif call('GET', key) == 'run:' .. id then call('DEL', key) end
for _, waiting in ipairs(call('SMEMBERS', key .. ':waiting')) do wake(waiting, jobs) end
call('DEL', key .. ':waiting')
return 1
`;

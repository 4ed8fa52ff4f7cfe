/**
 * Which job did, or does, the same work, in Lua. KEYS and first ARGV as in line-scripts.ts; ARGV[3] names the work.
 *
 * `<prefix>:fair:same:<work>` holds `run:<job>` while that job executes and `done:<job>` once it has ended; beside it,
 * under `:waiting`, are the entries that wait aside for its end.
 */
import { ACCOUNT_SCRIPT } from "./account-script.ts";

/**
 * ARGV: [4] the job that asks, [5] ms that an execution may take, [6] a job whose result is of no use, or nothing.
 * Answers {'run'}: nobody did the work, do it; {'wait'}: another job does it; {'done', job}.
 */
export const CLAIM_SCRIPT = `${ACCOUNT_SCRIPT}
local key, id = root .. ':same:' .. ARGV[3], ARGV[4]
local held = call('GET', key)
if not held or held == 'run:' .. id or held == 'done:' .. ARGV[6] then
  call('SET', key, 'run:' .. id, 'PX', ARGV[5])
  return {'run'}
end
if string.sub(held, 1, 5) == 'done:' then return {'done', string.sub(held, 6)} end
call('SADD', key .. ':waiting', id)
call('PEXPIRE', key .. ':waiting', ARGV[5])
return {'wait'}
`;

/** The work has ended. ARGV: [4] the job that did it, [5] ms for which its result may be used; 0: there is none. */
export const RELEASE_SCRIPT = `${ACCOUNT_SCRIPT}
local key, id = root .. ':same:' .. ARGV[3], ARGV[4]
if ARGV[5] ~= '0' then call('SET', key, 'done:' .. id, 'PX', ARGV[5])
elseif call('GET', key) == 'run:' .. id then call('DEL', key) end
for _, waiting in ipairs(call('SMEMBERS', key .. ':waiting')) do wake(waiting, jobs) end
call('DEL', key .. ':waiting')
return 1
`;

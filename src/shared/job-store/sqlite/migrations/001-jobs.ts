/**
 * Jobs, their requests and the parts of their results.
 *
 * Requests and parts lie in tables of their own under the job's row number: an update rewrites its whole row, and
 * a list must not page through source code.
 */
export const createJobs = `
CREATE TABLE jobs (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL,
  status TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  symbol TEXT,
  timeframe TEXT NOT NULL,
  strategy_id TEXT,
  batch_id TEXT,
  request_hash TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  attempt_id TEXT,
  labels TEXT NOT NULL,
  failure TEXT,
  timings TEXT,
  summary TEXT,
  result TEXT
) STRICT;

CREATE INDEX jobs_of_owner ON jobs (owner, created_at, id);
CREATE INDEX jobs_of_owner_by_status ON jobs (owner, status, created_at, id);
CREATE INDEX jobs_of_owner_by_symbol ON jobs (owner, symbol, created_at, id) WHERE symbol IS NOT NULL;
CREATE INDEX jobs_of_owner_by_strategy ON jobs (owner, strategy_id, created_at, id) WHERE strategy_id IS NOT NULL;
CREATE INDEX jobs_of_owner_by_batch ON jobs (owner, batch_id, created_at, id) WHERE batch_id IS NOT NULL;
CREATE INDEX jobs_unfinished ON jobs (updated_at, id) WHERE status IN ('queued', 'running');
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE requests (
  job_seq INTEGER PRIMARY KEY,
  request TEXT NOT NULL
) STRICT;

CREATE TABLE result_parts (
  job_seq INTEGER NOT NULL,
  attempt_id TEXT NOT NULL,
  part INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX result_parts_of_job ON result_parts (job_seq, attempt_id, part);

CREATE TABLE write_check (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  checked_at INTEGER NOT NULL
) STRICT;
`;

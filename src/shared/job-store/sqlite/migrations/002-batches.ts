/**
 * Batches: a record that is small and seldom written, its sweep (with the source) apart from it, a part for each
 * chunk, and the counters, which move in the transaction that writes a part.
 */
export const createBatches = `
CREATE TABLE batches (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL,
  status TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  finished_at INTEGER,
  record TEXT NOT NULL
) STRICT;

CREATE INDEX batches_of_owner ON batches (owner, created_at, id);
CREATE INDEX batches_unfinished ON batches (updated_at, id) WHERE status IN ('queued', 'running');
CREATE INDEX batches_finished ON batches (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE batch_sweeps (
  batch_seq INTEGER PRIMARY KEY,
  sweep TEXT NOT NULL
) STRICT;

CREATE TABLE batch_counts (
  batch_seq INTEGER PRIMARY KEY,
  parts INTEGER NOT NULL,
  writes INTEGER NOT NULL,
  cells INTEGER NOT NULL,
  succeeded INTEGER NOT NULL,
  failed_user INTEGER NOT NULL,
  failed_limit INTEGER NOT NULL,
  failed_platform INTEGER NOT NULL,
  cpu_ms REAL NOT NULL
) STRICT;

CREATE TABLE batch_parts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  batch_seq INTEGER NOT NULL,
  first_cell INTEGER NOT NULL,
  cells INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  succeeded INTEGER NOT NULL,
  failed_user INTEGER NOT NULL,
  failed_limit INTEGER NOT NULL,
  failed_platform INTEGER NOT NULL,
  cpu_ms REAL NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX batch_parts_of_batch ON batch_parts (batch_seq, first_cell);
CREATE INDEX batch_parts_in_order ON batch_parts (batch_seq, seq);
CREATE INDEX batch_parts_to_retry ON batch_parts (batch_seq, first_cell) WHERE failed_platform > 0;
`;

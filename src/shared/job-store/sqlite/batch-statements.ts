/** Every statement about batches, prepared once. */
import type { DatabaseSync } from "node:sqlite";

const UNFINISHED = "status IN ('queued', 'running')";
const SEQ = "(SELECT seq FROM batches WHERE id = ?)";
const HEAD = "first_cell, cells, generation, succeeded, failed_user, failed_limit, failed_platform";
const COUNTS = "parts, writes, cells, succeeded, failed_user, failed_limit, failed_platform, cpu_ms";

export type BatchStatements = ReturnType<typeof prepareBatchStatements>;

export function prepareBatchStatements(db: DatabaseSync) {
  return {
    insertBatch: db.prepare(
      `INSERT INTO batches (id, owner, created_at, cells, status, version, updated_at, finished_at, record)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    ),
    insertSweep: db.prepare("INSERT INTO batch_sweeps (batch_seq, sweep) VALUES (?, ?)"),
    insertCounts: db.prepare(`INSERT INTO batch_counts VALUES (?, 0, 0, 0, 0, 0, 0, 0, 0.0)`),
    batch: db.prepare("SELECT seq, record FROM batches WHERE id = ?"),
    sweep: db.prepare(`SELECT sweep FROM batch_sweeps WHERE batch_seq = ${SEQ}`),
    changeBatch: db.prepare(
      `UPDATE batches SET status = ?, version = ?, updated_at = ?, finished_at = ?, record = ? WHERE id = ?`,
    ),
    counts: db.prepare(`SELECT ${COUNTS} FROM batch_counts WHERE batch_seq = ${SEQ}`),
    addCounts: db.prepare(
      `UPDATE batch_counts SET parts = parts + ?, writes = writes + 1, cells = cells + ?,
         succeeded = succeeded + ?, failed_user = failed_user + ?, failed_limit = failed_limit + ?,
         failed_platform = failed_platform + ?, cpu_ms = cpu_ms + ?
       WHERE batch_seq = ? RETURNING ${COUNTS}`,
    ),
    insertPart: db.prepare(
      `INSERT INTO batch_parts (batch_seq, ${HEAD}, cpu_ms, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    deletePart: db.prepare("DELETE FROM batch_parts WHERE batch_seq = ? AND first_cell = ?"),
    part: db.prepare(
      `SELECT ${HEAD}, cpu_ms, bytes FROM batch_parts WHERE batch_seq = ${SEQ} AND first_cell = ?`,
    ),
    heads: db.prepare(
      `SELECT ${HEAD} FROM batch_parts WHERE batch_seq = ${SEQ} AND first_cell >= ? ORDER BY first_cell LIMIT ?`,
    ),
    retryable: db.prepare(
      `SELECT ${HEAD} FROM batch_parts WHERE batch_seq = ${SEQ} AND failed_platform > 0 AND generation < ?
       ORDER BY first_cell LIMIT ?`,
    ),
    partsAfter: db.prepare(
      `SELECT seq, ${HEAD}, cpu_ms, bytes FROM batch_parts WHERE batch_seq = ${SEQ} AND seq > ?
       ORDER BY seq LIMIT ?`,
    ),
    ofOwner: db.prepare(
      `SELECT record FROM batches WHERE owner = ? AND (created_at, id) < (?, ?)
       ORDER BY created_at DESC, id DESC LIMIT ?`,
    ),
    openCells: db.prepare(
      `SELECT coalesce(sum(cells), 0) AS cells FROM batches WHERE owner = ? AND ${UNFINISHED}`,
    ),
    unfinished: db.prepare(
      `SELECT record FROM batches WHERE ${UNFINISHED} AND updated_at < ? AND (updated_at, id) > (?, ?)
       ORDER BY updated_at, id LIMIT ?`,
    ),
    finishedBefore: db.prepare(
      `SELECT seq FROM batches WHERE finished_at < ? AND NOT (${UNFINISHED}) ORDER BY finished_at LIMIT ?`,
    ),
    deleteAll: [
      db.prepare("DELETE FROM batch_parts WHERE batch_seq = ?"),
      db.prepare("DELETE FROM batch_counts WHERE batch_seq = ?"),
      db.prepare("DELETE FROM batch_sweeps WHERE batch_seq = ?"),
      db.prepare("DELETE FROM batches WHERE seq = ?"),
    ],
  };
}

/**
 * Counts how often each job was written as ended, and by how many attempts its result was stored. The database
 * counts, not our code: a trigger sees every write of every process.
 */
import { DatabaseSync } from "node:sqlite";

export interface TerminalWrites {
  /** Job ids by how often they were moved to a terminal state. */
  counts(): Map<string, number>;
  /** Jobs whose result lies under more than one attempt, or that succeeded and have none. */
  withoutOneResult(): string[];
  close(): void;
}

const TRIGGER = `
CREATE TABLE ended (id TEXT NOT NULL);
CREATE TRIGGER note_end AFTER UPDATE ON jobs WHEN new.status IN ('succeeded', 'failed', 'cancelled')
BEGIN INSERT INTO ended VALUES (new.id); END;
`;

/** To be called before the first job is submitted. */
export function countTerminalWrites(sqlitePath: string): TerminalWrites {
  const database = new DatabaseSync(sqlitePath, { timeout: 5_000 });
  database.exec(TRIGGER);
  const ids = (query: string): string[] =>
    database
      .prepare(query)
      .all()
      .map((row) => String(row["id"]));
  return {
    counts() {
      const counts = new Map<string, number>();
      for (const id of ids("SELECT id FROM ended")) counts.set(id, (counts.get(id) ?? 0) + 1);
      return counts;
    },
    withoutOneResult: () =>
      ids(`SELECT id FROM jobs LEFT JOIN result_parts ON result_parts.job_seq = jobs.seq
           WHERE status = 'succeeded' GROUP BY jobs.seq HAVING count(DISTINCT result_parts.attempt_id) <> 1`),
    close: () => database.close(),
  };
}

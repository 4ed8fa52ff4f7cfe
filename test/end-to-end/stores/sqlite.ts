/** Stacks on SQLite. A trigger in the database counts. */
import { DatabaseSync } from "node:sqlite";
import { startStack } from "../../support/start-stack.ts";
import { TERMINAL, type TerminalWrites } from "../terminal-writes.ts";
import type { StackStore } from "./store.ts";

export const SQLITE: StackStore = {
  name: "SQLite",
  manyJobs: 200,
  killsEachPart: true,
  prepare: async () => undefined,
  async startStack(options) {
    const stack = await startStack(options);
    const writes = countTerminalWrites(stack.environment["SQLITE_PATH"] ?? "");
    return {
      stack,
      writes,
      async stop() {
        await writes.close();
        await stack.stop();
      },
    };
  },
  dispose: async () => undefined,
};

const TRIGGER = `
CREATE TABLE ended (id TEXT NOT NULL);
CREATE TRIGGER note_end AFTER UPDATE ON jobs WHEN new.status IN (${TERMINAL.map((name) => `'${name}'`).join()})
BEGIN INSERT INTO ended VALUES (new.id); END;
`;

/** To be called before the first job is submitted. */
function countTerminalWrites(sqlitePath: string): TerminalWrites {
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
    withoutOneResult: async () =>
      ids(`SELECT id FROM jobs LEFT JOIN result_parts ON result_parts.job_seq = jobs.seq
           WHERE status = 'succeeded' GROUP BY jobs.seq HAVING count(DISTINCT result_parts.attempt_id) <> 1`),
    close: async () => database.close(),
  };
}

/** Brings a database to the schema of this release. The version of a database is its `user_version`. */
import type { DatabaseSync } from "node:sqlite";
import { createJobs } from "./migrations/001-jobs.ts";
import { createBatches } from "./migrations/002-batches.ts";
import { addReusedJobs } from "./migrations/003-reused-jobs.ts";
import { addWorkOfJobs } from "./migrations/004-work-of-jobs.ts";
import { addOpenCells } from "./migrations/005-open-cells.ts";

/** In order; the first makes version 1. One that has been released is never changed: add another. */
export const MIGRATIONS: readonly string[] = [
  createJobs,
  createBatches,
  addReusedJobs,
  addWorkOfJobs,
  addOpenCells,
];

/** A database that a later release has written: this one could not read it rightly. */
export class DatabaseTooNewError extends Error {
  override name = "DatabaseTooNewError";
}

/** All missing migrations in one transaction, or none. Throws DatabaseTooNewError; SQLITE_BUSY if another migrates. */
export function migrate(db: DatabaseSync, migrations: readonly string[] = MIGRATIONS): void {
  if (versionOf(db) === migrations.length) return;
  db.exec("BEGIN IMMEDIATE");
  try {
    applyMissing(db, migrations);
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

function applyMissing(db: DatabaseSync, migrations: readonly string[]): void {
  const version = versionOf(db);
  if (version > migrations.length) {
    throw new DatabaseTooNewError(
      `The job store's database has schema version ${version} and this release knows ${migrations.length}: run ` +
        `the release that wrote it or a later one, or name another file in SQLITE_PATH`,
    );
  }
  for (const migration of migrations.slice(version)) db.exec(migration);
  db.exec(`PRAGMA user_version = ${migrations.length}`);
}

function versionOf(db: DatabaseSync): number {
  return Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
}

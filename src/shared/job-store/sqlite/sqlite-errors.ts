/** What SQLite's result codes mean to us: https://www.sqlite.org/rescode.html */
import { StoreUnavailableError } from "../../errors.ts";

const SQLITE_PERM = 3;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_NOMEM = 7;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_PROTOCOL = 15;
const SQLITE_NOTADB = 26;

const LOCKED_BY_ANOTHER = new Set([SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL]);
const STORE_BROKEN = new Set([
  SQLITE_PERM,
  SQLITE_NOMEM,
  SQLITE_READONLY,
  SQLITE_IOERR,
  SQLITE_CORRUPT,
  SQLITE_FULL,
  SQLITE_CANTOPEN,
  SQLITE_NOTADB,
]);

/** Another connection holds the lock that this statement needs: the same statement may succeed soon. */
export function isLockedByAnother(error: unknown): boolean {
  return LOCKED_BY_ANOTHER.has(resultCodeOf(error));
}

/** The disk, the file or its permissions are at fault, so no other statement would fare better. */
export function isStoreBroken(error: unknown): boolean {
  return STORE_BROKEN.has(resultCodeOf(error));
}

/** Faults of disk and file become StoreUnavailableError; faults of a statement stay what they are. */
export function mapSqliteError(error: unknown): unknown {
  if (!isStoreBroken(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreUnavailableError(`The job store cannot be used: ${reason}`, { cause: error });
}

/** The primary result code; 0 for what SQLite did not throw. */
function resultCodeOf(error: unknown): number {
  if (!(error instanceof Error) || !("errcode" in error)) return 0;
  return typeof error.errcode === "number" ? error.errcode & 0xff : 0;
}

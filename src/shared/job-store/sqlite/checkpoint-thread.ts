/**
 * Runs in a worker thread: copies the WAL into the database when asked, so that its two fsyncs and its thousands of
 * page writes (10 ms and more at a time) do not stop the event loop. See checkpoints.ts.
 */
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import type { CheckpointAnswer, CheckpointOrder } from "./checkpoints.ts";

/** Above this many pages (16 MB) writers are held up for the moment that it takes to start the WAL anew. */
const RESTART_PAGES = 4_096;
const RESTART_WAIT_MS = 100;

const path: unknown = workerData;
const port = parentPort;
if (port === null || typeof path !== "string") {
  throw new Error("checkpoint-thread.ts is the start of a worker thread that is given the database's path");
}

const db = new DatabaseSync(path, { timeout: RESTART_WAIT_MS });
const passive = db.prepare("PRAGMA wal_checkpoint(PASSIVE)");
const restart = db.prepare("PRAGMA wal_checkpoint(RESTART)");

port.on("message", (order: CheckpointOrder) => {
  if (order === "close") {
    db.close();
    port.close();
  } else {
    port.postMessage(checkpoint());
  }
});

/** A passive checkpoint disturbs nobody but never catches up with writers that do not pause: then one that does. */
function checkpoint(): CheckpointAnswer {
  try {
    const pages = Number(passive.get()?.["log"]);
    if (pages > RESTART_PAGES) restart.get();
    return { pages };
  } catch (error) {
    return { pages: 0, failure: error instanceof Error ? error.message : String(error) };
  }
}

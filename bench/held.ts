/** What an idle executor holds on to: memory, descriptors, processes and temporary files. */
import { readdirSync, readFileSync } from "node:fs";
import { childrenOf, pause } from "./measure.ts";

const IDLE_WITHIN_MS = 20_000;
const STILL_FOR = 10;

export interface Held {
  /** Anonymous resident memory in MB: what was allocated, without the libraries' files. */
  serverMb: number;
  zygoteMb: number;
  zygotePid: number;
  serverDescriptors: number;
  zygoteDescriptors: number;
  processes: number;
  temporaryFiles: number;
}

/** Waits until the executor's processes neither come nor go, and are at least `fewest` and at most `most`. */
export async function whenIdle(server: number, fewest: number, most: number): Promise<void> {
  const deadline = Date.now() + IDLE_WITHIN_MS;
  let before = "";
  let still = 0;
  while (still < STILL_FOR) {
    const now = treeOf(server);
    const inRange = now.length >= fewest && now.length <= most;
    still = now.join() === before && inRange ? still + 1 : 0;
    before = now.join();
    if (Date.now() > deadline) {
      throw new Error(`the idle executor has ${now.length} processes, not ${fewest} to ${most}`);
    }
    await pause(10);
  }
}

/** For a server with one zygote. */
export function heldBy(server: number, temporary: string): Held {
  const [zygotePid] = childrenOf(server);
  if (zygotePid === undefined) throw new Error("the executor has no zygote");
  return {
    serverMb: anonymousMb(server),
    zygoteMb: anonymousMb(zygotePid),
    zygotePid,
    serverDescriptors: descriptors(server),
    zygoteDescriptors: descriptors(zygotePid),
    processes: treeOf(server).length,
    temporaryFiles: readdirSync(temporary).length,
  };
}

function treeOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(treeOf)];
}

function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

function anonymousMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** What runs on this machine, as /proc tells it. */
import { readdirSync, readFileSync } from "node:fs";

export interface LiveProcess {
  pid: number;
  parent: number;
  command: string;
  /** `NAME=value` strings as they were when the process was started. */
  environment: string[];
  /** R where it runs or could. */
  state: string;
  nice: number;
}

/** Every process that this user may look at; zombies, which only wait to be reaped, are left out. */
export function liveProcesses(): LiveProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => describeProcess(Number(name)))
    .filter((process) => process !== undefined);
}

/** The process and everything below it, itself first. */
export function processTree(root: number): number[] {
  return [root, ...descendantsOf(root).map(({ pid }) => pid)];
}

export function descendantsOf(root: number): LiveProcess[] {
  const all = liveProcesses();
  const found = all.filter(({ parent }) => parent === root);
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}

export function isAlive(pid: number): boolean {
  return describeProcess(pid) !== undefined;
}

/** undefined for a process that ended while it was being read, is a zombie, or belongs to somebody else. */
function describeProcess(pid: number): LiveProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state = "", parent] = fields;
    if (state === "Z" || state === "X") return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return { pid, parent: Number(parent), command, environment, state, nice: Number(fields[16]) };
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

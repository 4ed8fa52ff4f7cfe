/** A real process of the stack inside a test. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Child, within } from "../../src/local/processes/child.ts";
import { childFailure } from "../../src/local/processes/wait-for-line.ts";
import { isAlive, processTree } from "./processes.ts";

const GONE_WITHIN_MS = 5_000;

export interface Part {
  pid: number;
  /** The last 200 lines that it printed. */
  logs(): string[];
  /** Any signal; SIGSTOP and SIGCONT pause and resume it. */
  signal(name: NodeJS.Signals): void;
  /** SIGKILL, as a crash would be. Resolves when it and everything that it started is gone. */
  kill(): Promise<void>;
  /**
   * SIGTERM; fails with its logs if it or anything that it started does not end. Removes its temporary files,
   * after `kill()` too.
   */
  stop(): Promise<void>;
}

/** `graceMs` is what the part may take for its orderly end. */
export function asPart(child: Child, graceMs = 15_000, afterwards: () => void = () => undefined): Part {
  const end = async (how: () => Promise<void>): Promise<void> => {
    const tree = child.hasEnded() ? [] : processTree(child.pid);
    await how();
    await requireGone(child, tree);
  };
  return {
    pid: child.pid,
    logs: () => child.recentLines(),
    signal: (name) => child.kill(name),
    kill: () =>
      end(async () => {
        child.kill("SIGKILL");
        if ((await within(child.ended, GONE_WITHIN_MS)) === undefined)
          throw childFailure(child, "survived SIGKILL");
      }),
    stop: async () => {
      await end(async () => {
        if (child.hasEnded()) return;
        const { signal } = await child.stop(graceMs);
        if (signal === "SIGKILL")
          throw childFailure(child, `did not end within ${graceMs / 1000} s of SIGTERM`);
      });
      afterwards();
    },
  };
}

async function requireGone(child: Child, tree: number[]): Promise<void> {
  const deadline = Date.now() + GONE_WITHIN_MS;
  let left = tree.filter(isAlive);
  while (left.length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    left = left.filter(isAlive);
  }
  for (const pid of left) process.kill(pid, "SIGKILL");
  if (left.length > 0) throw childFailure(child, `left processes behind (${left.join(", ")}, ended now)`);
}

/** A directory of its own, with the way to remove it. */
export function temporaryDirectory(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "strategiz-test-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

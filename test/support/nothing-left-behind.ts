/**
 * Runs around all tests: every process that a test starts, and each of their children, inherits a mark in its
 * environment. After the last test nobody may carry it.
 */
import { randomUUID } from "node:crypto";
import { liveProcesses } from "./processes.ts";

export const RUN_MARK = "STRATEGIZ_TEST_RUN";
const DEADLINE_MS = 5_000;

/** Sets the mark; the function that it answers fails, naming the processes, if any is left after 5 s. */
export default function setup(): () => Promise<void> {
  const mark = `${RUN_MARK}=${randomUUID()}`;
  process.env[RUN_MARK] = mark.slice(RUN_MARK.length + 1);
  return async () => {
    const deadline = Date.now() + DEADLINE_MS;
    let left = startedByTests(mark);
    while (left.length > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      left = startedByTests(mark);
    }
    for (const { pid } of left) process.kill(pid, "SIGKILL");
    if (left.length > 0) {
      throw new Error(
        `The tests left processes behind (ended now):\n${left.map(({ pid, command }) => `  ${pid} ${command}`).join("\n")}`,
      );
    }
  };
}

/** vitest's own workers and its watchdog carry the mark too. */
function startedByTests(mark: string): { pid: number; command: string }[] {
  return liveProcesses().filter(
    ({ pid, command, environment }) =>
      pid !== process.pid &&
      environment.includes(mark) &&
      !/node_modules\/vitest\/|^vitest-|\(vitest /.test(command),
  );
}

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("./store-process.ts", import.meta.url));
const LINE_WITHIN_MS = 20_000;

export interface StoreProcess {
  /** Resolves with the next line that it says; rejects if it ends or says nothing for 20 s. */
  line(): Promise<string>;
  /** Lets a `create` process begin. */
  begin(): void;
  /** SIGKILL; resolves with every line that it said and line() did not give, when it is gone. */
  kill(): Promise<string[]>;
}

/** Arguments as in store-process.ts. The process of a failed test is killed when the tests' own process ends. */
export function startStoreProcess(...args: string[]): StoreProcess {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [SCRIPT, ...args]);
  const killWithUs = (): void => void child.kill("SIGKILL");
  process.once("exit", killWithUs);
  child.once("exit", () => process.off("exit", killWithUs));
  child.stderr.pipe(process.stderr);
  const input = createInterface(child.stdout);
  const lines: string[] = [];
  input.on("line", (text) => lines.push(text));
  const closed = once(input, "close");
  return {
    line: async () => {
      const giveUp = AbortSignal.timeout(LINE_WITHIN_MS);
      while (lines.length === 0) {
        const ended = closed.then(() => {
          if (lines.length === 0)
            throw new Error(`The process ended (${child.exitCode ?? child.signalCode})`);
        });
        await Promise.race([once(input, "line", { signal: giveUp }), ended]);
      }
      return lines.shift() ?? "";
    },
    begin: () => void child.stdin.end("\n"),
    kill: async () => {
      child.kill("SIGKILL");
      await closed;
      return lines;
    },
  };
}

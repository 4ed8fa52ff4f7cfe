/** A command of ours as a person would run it. */
import { join } from "node:path";
import { ROOT } from "../../src/local/paths.ts";
import { type Child, type Ending, startChild, within } from "../../src/local/processes/child.ts";
import { waitForLine } from "../../src/local/processes/wait-for-line.ts";
import { processTree } from "../support/processes.ts";

const ENDS_WITHIN_MS = 60_000;

export interface Command extends Child {
  /** All processes that run for it now, itself first. */
  tree(): number[];
  /** Everything that it printed so far. */
  output(): string;
  ending(): Promise<Ending>;
}

/** `node <script> <arguments>`. */
export async function runCommand(
  script: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<Command> {
  const child = await startChild({
    name: script,
    command: process.execPath,
    args: [join(ROOT, script), ...args],
    environment: { ...process.env, ...environment },
  });
  return Object.assign(child, {
    tree: () => processTree(child.pid),
    output: () => child.recentLines().join("\n"),
    async ending(): Promise<Ending> {
      const ending = await within(child.ended, ENDS_WITHIN_MS);
      if (ending === undefined) throw new Error(`${script} did not end:\n${child.recentLines().join("\n")}`);
      return ending;
    },
  });
}

/** The service's address, once it says that it is ready. */
export function readyAt(command: Command): Promise<string> {
  return waitForLine(command, (line) => /^Ready: (\S+)$/.exec(line)?.[1], 60_000);
}

import type { Stack, StackOptions } from "../../support/start-stack.ts";
import type { TerminalWrites } from "../terminal-writes.ts";

/** A job store that whole stacks are tested on. */
export interface StackStore {
  name: string;
  /** Of the jobs that are in flight when something is killed. */
  manyJobs: number;
  /** Whether each part is killed with many jobs in flight, or the worker alone, which writes most. */
  killsEachPart: boolean;
  /** Once, before the first stack. */
  prepare(): Promise<void>;
  /** A stack with an empty job store. */
  startStack(options: StackOptions): Promise<StackOnStore>;
  /** After the last stack has stopped. */
  dispose(): Promise<void>;
}

export interface StackOnStore {
  stack: Stack;
  writes: TerminalWrites;
  stop(): Promise<void>;
}

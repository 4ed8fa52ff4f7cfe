/** A process of the stack: its lines, its end, and a way to stop it that always comes to an end. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { PYTHON, ROOT } from "../paths.ts";

const LINES_KEPT = 200;
const KILLED_WITHIN_MS = 5_000;

export interface ChildOptions {
  /** What the process is called in messages and log prefixes. */
  name: string;
  command: string;
  args: string[];
  environment: NodeJS.ProcessEnv;
  /** Held by the process until it ends; a second one waits for it, 30 s at most. */
  lockFile?: string | undefined;
  /** Written to its standard input, which is then closed. */
  input?: string | undefined;
  onLine?: ((line: string) => void) | undefined;
}

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process has ended and its last line was read. */
  readonly ended: Promise<Ending>;
  hasEnded(): boolean;
  /** The last 200 lines of output, oldest first. */
  recentLines(): string[];
  onLine(listener: (line: string) => void): () => void;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL after `graceMs`. */
  stop(graceMs: number): Promise<Ending>;
}

/** A process could not be started, or ended when it should not; the message carries its last lines. */
export class ChildError extends Error {
  override name = "ChildError";
}

/**
 * Starts a command in a session of its own, so that Ctrl-C in the terminal reaches this process alone, which then
 * stops its children in order. The child gets SIGTERM when this process is gone.
 */
export function startChild(options: ChildOptions): Promise<Child> {
  const { name, command, args, environment, lockFile, input } = options;
  const wrapper = join(import.meta.dirname, "end-with-parent.py");
  const child = spawn(PYTHON, ["-I", "-S", wrapper, String(process.pid), lockFile ?? "", command, ...args], {
    cwd: ROOT,
    env: environment,
    detached: true,
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new ChildError(`${name} could not be started: ${error.message}`)));
    child.once("spawn", () => {
      if (child.pid === undefined) return;
      // A process that ends before it has read its input tells why in its own output.
      child.stdin?.on("error", () => child.stdin?.destroy());
      child.stdin?.end(input);
      resolve(new RunningChild(name, child.pid, child, options.onLine));
    });
  });
}

class RunningChild implements Child {
  readonly name: string;
  readonly pid: number;
  readonly ended: Promise<Ending>;
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();
  #hasEnded = false;

  constructor(name: string, pid: number, child: ChildProcess, onLine: ((line: string) => void) | undefined) {
    this.name = name;
    this.pid = pid;
    this.#process = child;
    if (onLine !== undefined) this.#listeners.add(onLine);
    for (const stream of [child.stdout, child.stderr]) if (stream !== null) this.#read(stream);
    this.ended = new Promise((resolve) => {
      child.once("exit", () => {
        this.#hasEnded = true;
      });
      child.once("close", (code, signal) => resolve({ code, signal }));
    });
  }

  hasEnded(): boolean {
    return this.#hasEnded;
  }

  recentLines(): string[] {
    return [...this.#lines];
  }

  onLine(listener: (line: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  async stop(graceMs: number): Promise<Ending> {
    this.kill("SIGTERM");
    const ending = await within(this.ended, graceMs);
    if (ending !== undefined) return ending;
    this.kill("SIGKILL");
    const killed = await within(this.ended, KILLED_WITHIN_MS);
    if (killed === undefined) throw new ChildError(`${this.name} (process ${this.pid}) does not end`);
    return killed;
  }

  #read(stream: Readable): void {
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => {
      this.#lines.push(line);
      if (this.#lines.length > LINES_KEPT) this.#lines.shift();
      for (const listener of this.#listeners) listener(line);
    });
  }
}

/** The promise's value, or undefined after `milliseconds`. */
export async function within<Value>(
  promise: Promise<Value>,
  milliseconds: number,
): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  try {
    return await Promise.race([promise, patience]);
  } finally {
    clearTimeout(timer);
  }
}

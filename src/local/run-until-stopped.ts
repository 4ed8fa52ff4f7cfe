/** The life of a command that owns a stack: it ends when its work is done, on a signal, or when a process dies. */
import { ChildError } from "./processes/child.ts";
import { type LocalStack, type LocalStackOptions, startLocalStack } from "./stack.ts";
import { StateInUseError } from "./state-directory.ts";
import { UnfitMachineError } from "./unfit-machine.ts";

export interface Work {
  stack: LocalStack;
  /** Resolves with the exit code. */
  done: Promise<number>;
}

/**
 * Runs `work` and ends this process with its exit code, 0 after Ctrl-C or SIGTERM, 1 when something failed; the
 * stack is stopped first, in order. A second signal does not wait: the processes then end with this one.
 */
export async function runUntilStopped(
  work: (start: (options: LocalStackOptions) => Promise<LocalStack>) => Promise<Work>,
): Promise<void> {
  const signalled = firstSignal();
  let stack: LocalStack | undefined;
  try {
    const { done, stack: started } = await work(async (options) => {
      stack = await startLocalStack(options);
      return stack;
    });
    const broken = started.broken.then((failure) => {
      throw failure;
    });
    process.exitCode = await Promise.race([done, broken, signalled]);
  } catch (error) {
    console.error(explain(error));
    process.exitCode = 1;
  }
  await stack?.stop();
  process.exit();
}

function firstSignal(): Promise<number> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.once("SIGINT", () => process.exit(1)).once("SIGTERM", () => process.exit(1));
      console.error("\nStopping ...");
      resolve(0);
    };
    const once = (): void => {
      process.off("SIGINT", once).off("SIGTERM", once);
      stop();
    };
    process.on("SIGINT", once).on("SIGTERM", once);
  });
}

/** One line where the reader can act on it; the stack of an error that nobody foresaw. */
function explain(error: unknown): string {
  if (error instanceof ChildError && error.message.includes("EADDRINUSE")) {
    return "The port is in use by another process: choose another with --port N (0 takes any free one).";
  }
  const foreseen =
    error instanceof ChildError || error instanceof StateInUseError || error instanceof UnfitMachineError;
  if (foreseen || !(error instanceof Error)) return String(error).replace(/^\w+: /, "");
  return error.stack ?? error.message;
}

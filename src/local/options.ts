/** The command line that `npm start` and `npm run demo` share. */
import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { ROOT } from "./paths.ts";
import type { LocalStackOptions } from "./stack.ts";
import { UnfitMachineError } from "./unfit-machine.ts";

export interface CommandOptions {
  port: number;
  state: string;
  slots?: number;
  /** true: on any free port. */
  firestoreEmulator?: number | true;
  unsafeNoSandbox?: true;
}

export interface CommandDefaults {
  name: string;
  description: string;
  port: number;
  state: string;
  /** The state directory in words. */
  stateIs: string;
}

/** Parses, or prints help or what is wrong and ends the process, as commander does. */
export function readOptions(defaults: CommandDefaults): CommandOptions {
  const { name, description, port, state, stateIs } = defaults;
  const command = new Command(name)
    .description(description)
    .addOption(
      new Option("--port <number>", "port of the API on 127.0.0.1; 0 takes any free one")
        .default(port, port === 0 ? "any free one" : String(port))
        .argParser(wholeNumber(0, 65_535)),
    )
    .addOption(new Option("--state <directory>", "where jobs and queue are kept").default(state, stateIs))
    .addOption(
      new Option("--slots <number>", "executions at once (default: one a core, and one more)").argParser(
        wholeNumber(1, 1_024),
      ),
    )
    .addOption(
      new Option(
        "--firestore-emulator [port]",
        "keep jobs in the Firestore emulator: the one at FIRESTORE_EMULATOR_HOST, else that of the gcloud CLI, " +
          "started on this port or any free one",
      ).argParser(wholeNumber(1, 65_535)),
    )
    .option("--unsafe-no-sandbox", "run strategies without the sandbox: they can do what you can")
    .helpOption("--help", "show this help")
    .parse();
  const options = command.opts<CommandOptions>();
  requireLinux(options.unsafeNoSandbox === true);
  return { ...options, state: resolve(ROOT, options.state) };
}

/** What of the options a stack is started with. */
export function stackOptions(
  options: CommandOptions,
): Pick<LocalStackOptions, "stateDirectory" | "port" | "slots" | "firestore" | "executorSwitches"> {
  const { state, port, slots, firestoreEmulator: emulator } = options;
  const firestore = emulator === undefined ? undefined : { port: emulator === true ? undefined : emulator };
  return {
    stateDirectory: state,
    port,
    slots,
    firestore,
    executorSwitches: options.unsafeNoSandbox ? ["--unsafe-no-sandbox"] : [],
  };
}

function wholeNumber(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= lowest && value <= highest) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${lowest} to ${highest}.`);
  };
}

function requireLinux(withoutSandbox: boolean): void {
  if (process.platform === "linux" || withoutSandbox) return;
  throw new UnfitMachineError(
    `Strategies are sandboxed by Linux and this is ${process.platform}: use Linux or Docker, or add --unsafe-no-sandbox to run code you trust.`,
  );
}

/** The Firestore emulator of an installed gcloud CLI, and the Java that it needs. */
import { execFile } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { UnfitMachineError } from "../unfit-machine.ts";

/** Paths, as commands are started with. */
export interface InstalledEmulator {
  java: string;
  jar: string;
}

const JAR = join("platform", "cloud-firestore-emulator", "cloud-firestore-emulator.jar");
const USUAL_PLACES = ["/usr/lib/google-cloud-sdk", "/usr/share/google-cloud-sdk", "/opt/google-cloud-sdk"];
const JAVA_LOWEST = 11;
const JAVA_ANSWERS_WITHIN_MS = 20_000;

/** Beside `gcloud` on PATH, else in the usual places of packages; undefined where it is not installed. */
export function findEmulatorJar(
  environment: NodeJS.ProcessEnv,
  places: readonly string[] = USUAL_PLACES,
): string | undefined {
  const beside = (environment["PATH"] ?? "")
    .split(delimiter)
    .map((directory) => join(directory, "gcloud"))
    .filter((file) => existsSync(file))
    .map((file) => dirname(dirname(realpathSync(file))));
  return [...beside, ...places].map((root) => join(root, JAR)).find((file) => existsSync(file));
}

/** Rejects with UnfitMachineError, one line that says what to install. JAVA names another java than that on PATH. */
export async function requireEmulator(
  environment: NodeJS.ProcessEnv,
  places?: readonly string[],
): Promise<InstalledEmulator> {
  const jar = findEmulatorJar(environment, places);
  if (jar === undefined) {
    throw new UnfitMachineError(
      "There is no Firestore emulator: install the gcloud CLI and then `gcloud components install " +
        "cloud-firestore-emulator` (Debian: google-cloud-cli-firestore-emulator), or set FIRESTORE_EMULATOR_HOST " +
        "to one that runs.",
    );
  }
  const java = environment["JAVA"] ?? "java";
  const version = await javaVersion(java, environment);
  if (version === undefined || version < JAVA_LOWEST) {
    const found = version === undefined ? `${java} does not run` : `${java} is Java ${version}`;
    throw new UnfitMachineError(
      `The Firestore emulator needs Java ${JAVA_LOWEST} or later (${found}): install one (Debian: ` +
        "default-jre-headless), or set JAVA to its path.",
    );
  }
  return { java, jar };
}

/** The major version; undefined where there is no Java. */
async function javaVersion(java: string, environment: NodeJS.ProcessEnv): Promise<number | undefined> {
  try {
    const options = { env: environment, timeout: JAVA_ANSWERS_WITHIN_MS };
    const { stderr } = await promisify(execFile)(java, ["-version"], options);
    const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(stderr) ?? [];
    if (first === undefined) return undefined;
    // Java 8 calls itself 1.8.
    return Number(first === "1" ? second : first);
  } catch {
    return undefined;
  }
}

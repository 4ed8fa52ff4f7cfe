/**
 * When each API key was last used. A file of its own beside the keys: servers write it often, and must not be able
 * to undo a key's revocation by writing back what they read before.
 */
import { z } from "zod";
import { formatTime } from "../contract/values.ts";
import { readPrivateFile, replacePrivateFile } from "../private-file.ts";

const usesSchema = z.record(z.string(), z.string());

/** By key id. Uses are a convenience: a file that cannot be read as such counts as empty. */
export async function readKeyUses(keysPath: string): Promise<Map<string, string>> {
  const text = await readPrivateFile(usesPath(keysPath));
  const parsed = usesSchema.safeParse(text === undefined ? {} : parseJson(text));
  return new Map(Object.entries(parsed.data ?? {}));
}

/** Adds later uses to what the file has. Of two servers that write at once, one's uses of that moment may be lost. */
export async function writeKeyUses(keysPath: string, uses: ReadonlyMap<string, string>): Promise<void> {
  const merged = await readKeyUses(keysPath);
  for (const [id, usedAt] of uses) {
    const before = merged.get(id);
    if (before === undefined || Date.parse(before) < Date.parse(usedAt)) merged.set(id, usedAt);
  }
  await replacePrivateFile(
    usesPath(keysPath),
    `${JSON.stringify(Object.fromEntries(merged), undefined, 2)}\n`,
  );
}

/** Times about keys are for people: finer ones would only be noise. */
export function wholeSecond(epochMs: number): string {
  return formatTime(Math.floor(epochMs / 1000) * 1000);
}

function usesPath(keysPath: string): string {
  return `${keysPath}.uses`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

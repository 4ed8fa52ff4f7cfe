/** The JSON file of API keys, which only its owner can read. */
import { z } from "zod";
import { readPrivateFile, replacePrivateFile, whileLocked } from "../private-file.ts";
import { type StoredApiKey, storedKeySchema } from "./stored-key.ts";

/** The file of keys is not one, or an argument is not valid: the message says what to do. */
export class ApiKeysError extends Error {
  override name = "ApiKeysError";
}

const keysFileSchema = z.object({ version: z.literal(1), keys: z.array(storedKeySchema) });

/** No file means no keys. Throws ApiKeysError for a file that is not one of keys. */
export async function readApiKeys(path: string): Promise<StoredApiKey[]> {
  const text = await readPrivateFile(path);
  if (text === undefined) return [];
  try {
    return keysFileSchema.parse(JSON.parse(text)).keys;
  } catch (error) {
    throw new ApiKeysError(
      `${path} is not a file of API keys: repair it, or move it away and make new keys`,
      { cause: error },
    );
  }
}

/** One change at a time, whatever processes make them. Resolves with the keys as they are then. */
export function changeKeyFile(
  path: string,
  change: (keys: StoredApiKey[]) => StoredApiKey[],
): Promise<StoredApiKey[]> {
  return whileLocked(path, async () => {
    const keys = change(await readApiKeys(path));
    await replacePrivateFile(path, `${JSON.stringify({ version: 1, keys }, undefined, 2)}\n`);
    return keys;
  });
}

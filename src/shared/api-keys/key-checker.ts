/** Whether a presented API key counts, by a file of keys that may change while the server runs. */
import { stat } from "node:fs/promises";
import type { Logger } from "../logging.ts";
import { hasCode } from "../private-file.ts";
import { readApiKeys } from "./key-file.ts";
import { wholeSecond, writeKeyUses } from "./key-uses.ts";
import { idOfKey, judgeKey, type KeyVerdict, type StoredApiKey } from "./stored-key.ts";

/** A key that is made or revoked counts from then on at the latest. */
const FILE_CHECK_MS = 1_000;
const USES_WRITE_MS = 60_000;

export class ApiKeyChecker {
  readonly #path: string;
  readonly #logger: Logger;
  #keys: Promise<ReadonlyMap<string, StoredApiKey>> | undefined;
  #fileState = "";
  #checkedAt = Number.NEGATIVE_INFINITY;
  #uses = new Map<string, string>();
  #usesTimer: NodeJS.Timeout | undefined;

  constructor(path: string, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
  }

  /**
   * While the file cannot be read as one of keys it rejects with ApiKeysError: no key counts, as the one presented
   * may have been revoked.
   */
  async check(key: string): Promise<KeyVerdict> {
    const verdict = judgeKey(await this.#currentKeys(), key, Date.now());
    const id = idOfKey(key);
    if (id !== undefined && !("refused" in verdict)) this.#noteUse(id);
    return verdict;
  }

  async close(): Promise<void> {
    clearTimeout(this.#usesTimer);
    await this.#writeUses();
  }

  async #currentKeys(): Promise<ReadonlyMap<string, StoredApiKey>> {
    const now = performance.now();
    if (this.#keys === undefined || now - this.#checkedAt >= FILE_CHECK_MS) {
      this.#checkedAt = now;
      this.#keys = this.#keysAfterCheck(this.#keys);
    }
    return this.#keys;
  }

  async #keysAfterCheck(
    before: Promise<ReadonlyMap<string, StoredApiKey>> | undefined,
  ): Promise<ReadonlyMap<string, StoredApiKey>> {
    const state = await this.#readFileState();
    if (before !== undefined && state === this.#fileState) return before;
    this.#fileState = "";
    const keys = await readApiKeys(this.#path);
    this.#fileState = state;
    this.#logger.info(
      { keys: keys.filter(({ revokedAt }) => revokedAt === undefined).length },
      "API keys read",
    );
    return new Map(keys.map((key) => [key.id, key]));
  }

  /** Every change replaces the file, so that its inode changes too. */
  async #readFileState(): Promise<string> {
    try {
      const { ino, size, mtimeMs, mode } = await stat(this.#path);
      if ((mode & 0o077) !== 0)
        this.#logger.warn({ path: this.#path }, "others can read the API keys: chmod 600");
      return `${ino} ${size} ${mtimeMs}`;
    } catch (error) {
      if (hasCode(error, "ENOENT")) return "absent";
      throw error;
    }
  }

  #noteUse(id: string): void {
    this.#uses.set(id, wholeSecond(Date.now()));
    this.#usesTimer ??= setTimeout(() => void this.#writeUses(), USES_WRITE_MS).unref();
  }

  async #writeUses(): Promise<void> {
    this.#usesTimer = undefined;
    const uses = this.#uses;
    if (uses.size === 0) return;
    this.#uses = new Map();
    try {
      await writeKeyUses(this.#path, uses);
    } catch (error) {
      this.#logger.warn({ err: error }, "the last uses of API keys could not be written");
    }
  }
}

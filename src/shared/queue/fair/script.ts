import { hash } from "node:crypto";
import type { Redis } from "ioredis";

/** A Lua script that Redis keeps by its hash, so that its text travels once. */
export class Script {
  readonly #text: string;
  readonly #sha: string;

  constructor(text: string) {
    this.#text = text;
    this.#sha = hash("sha1", text);
  }

  /** Rejects as the connection does. */
  async run(connection: Redis, key: string, args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await connection.evalsha(this.#sha, 1, key, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
      return await connection.eval(this.#text, 1, key, ...args);
    }
  }
}

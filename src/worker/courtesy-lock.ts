import type { Redis } from "ioredis";

const RENEW = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`;
const RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`;

/** Held by one worker at a time. It is a courtesy that saves work: what it guards is safe without it. */
export class CourtesyLock {
  readonly #connection: Redis;
  readonly #key: string;
  readonly #token: string;
  readonly #ttlMs: number;

  /** `token` is the worker's own id; `connection` in the role of a producer. */
  constructor(connection: Redis, key: string, token: string, ttlMs: number) {
    this.#connection = connection;
    this.#key = key;
    this.#token = token;
    this.#ttlMs = ttlMs;
  }

  /** Takes the lock or keeps it; false while another worker has it. */
  async hold(): Promise<boolean> {
    if ((await this.#connection.eval(RENEW, 1, this.#key, this.#token, this.#ttlMs)) === 1) return true;
    return (await this.#connection.set(this.#key, this.#token, "PX", this.#ttlMs, "NX")) === "OK";
  }

  async release(): Promise<void> {
    await this.#connection.eval(RELEASE, 1, this.#key, this.#token);
  }
}

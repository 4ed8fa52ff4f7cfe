/**
 * How many requests may come in a time: of each owner, and of each address that nobody signed in from. Counted in
 * Redis, so that all replicas count together; while Redis does not answer, each counts by itself.
 */
import type { Response } from "express";
import type { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { HttpProblem } from "./problem-details.ts";

export interface RateLimits {
  /** Counts a request of the owner and says so in the answer's headers. Throws 429. */
  takeOwner(owner: string, response: Response): Promise<void>;
  /** The same for a request that nobody signed in for, by its address. */
  takeAddress(address: string, response: Response): Promise<void>;
}

export interface RateLimitOptions {
  /** In the role of a producer; stays the caller's to close. */
  connection: Redis;
  prefix: string;
  /** Whether Redis answers now. */
  connected: () => boolean;
  seconds: number;
  /** Requests in that time; 0 for any number. */
  requestsOf: (owner: string) => number;
  addressRequests: number;
}

export function createRateLimits(options: RateLimitOptions): RateLimits {
  const owners = new Map<number, Counter>();
  const addresses = new Counter("address", options.addressRequests, options);
  return {
    async takeOwner(owner, response) {
      const requests = options.requestsOf(owner);
      const counter = owners.get(requests) ?? new Counter("owner", requests, options);
      owners.set(requests, counter);
      await counter.take(owner, response);
    },
    takeAddress: (address, response) => addresses.take(networkOf(address), response),
  };
}

class Counter {
  readonly #name: string;
  readonly #requests: number;
  readonly #seconds: number;
  readonly #connected: () => boolean;
  readonly #shared: RateLimiterRedis;
  readonly #own: RateLimiterMemory;

  constructor(name: string, requests: number, { connection, prefix, connected, seconds }: RateLimitOptions) {
    this.#name = name;
    this.#requests = requests;
    this.#seconds = seconds;
    this.#connected = connected;
    const limit = { keyPrefix: `${prefix}:rate:${name}`, points: requests, duration: seconds };
    this.#own = new RateLimiterMemory(limit);
    this.#shared = new RateLimiterRedis({
      ...limit,
      storeClient: connection,
      insuranceLimiter: this.#own,
      // Who is over is refused from memory: a flood costs Redis nothing.
      inMemoryBlockOnConsumed: requests,
    });
  }

  async take(key: string, response: Response): Promise<void> {
    if (this.#requests === 0) return;
    const { left, resetSeconds, over } = await this.#consume(key);
    response.setHeader("RateLimit-Policy", `"${this.#name}";q=${this.#requests};w=${this.#seconds}`);
    response.setHeader("RateLimit", `"${this.#name}";r=${left};t=${resetSeconds}`);
    if (!over) return;
    throw new HttpProblem(
      "rate_limited",
      `More than ${this.#requests} requests came in ${this.#seconds} s: wait ${resetSeconds} s, then send fewer.`,
      { headers: { "Retry-After": String(resetSeconds) } },
    );
  }

  async #consume(key: string): Promise<{ left: number; resetSeconds: number; over: boolean }> {
    const limiter = this.#connected() ? this.#shared : this.#own;
    try {
      return { ...readCount(await limiter.consume(key)), over: false };
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return { ...readCount(refusal), over: true };
    }
  }
}

function readCount({ remainingPoints, msBeforeNext }: RateLimiterRes) {
  return { left: remainingPoints, resetSeconds: Math.max(1, Math.ceil(msBeforeNext / 1_000)) };
}

/** One IPv4 address, or the /64 network of an IPv6 address, of which one customer has as many as they like. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(":")) return mapped ?? address;
  const [head = "", tail] = address.split("%", 1).join("").split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length;
  const groups = [...first, ...Array.from({ length: Math.max(0, zeros) }, () => "0"), ...last];
  return `${groups.slice(0, 4).join(":")}::/64`;
}

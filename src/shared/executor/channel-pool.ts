/**
 * The replicas of the executor and the choice among them.
 *
 * One channel for each replica address, chosen by us, instead of grpc-js's round_robin over a list: only so can each
 * replica be asked for its health and slots, and calls go where they find a free slot. Names are resolved again every
 * 30 s, and at once when nothing can be reached.
 */
import type { ChannelCredentials } from "@grpc/grpc-js";
import { platformFailure } from "../failure-codes.ts";
import type { Logger } from "../logging.ts";
import { Replica } from "./replica.ts";
import {
  addressKey,
  parseTarget,
  type ReplicaAddress,
  resolveTarget,
  type Target,
} from "./target-address.ts";

const RESOLVE_EVERY_MS = 30_000;
const RESOLVE_AGAIN_AFTER_MS = 1_000;
/** How long a call waits for a replica where there is none: an executor that restarts is back within it. */
const WAIT_MS = 2_000;

export interface ChannelPoolOptions {
  targets: readonly string[];
  credentials: ChannelCredentials;
  probe: (replica: Replica) => Promise<unknown>;
  logger: Logger;
}

export class ChannelPool {
  readonly #options: ChannelPoolOptions;
  readonly #targets: readonly Target[];
  readonly #replicas = new Map<string, Replica>();
  readonly #unresolved = new Set<Target>();
  readonly #waiting = new Set<() => void>();
  /** The one that was used last is last: ties go to the one that has waited longest. */
  #order: Replica[] = [];
  #resolving = false;
  #resolvedAt = 0;
  #closed = false;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(options: ChannelPoolOptions) {
    this.#options = options;
    this.#targets = options.targets.map(parseTarget);
    const names = this.#targets.filter(({ isName }) => isName);
    for (const target of this.#targets) if (!target.isName) this.#add({ target, ip: target.host });
    for (const target of names) this.#unresolved.add(target);
    if (names.length === 0) return;
    this.#resolveNames();
    this.#timer = setInterval(() => this.#resolveNames(), RESOLVE_EVERY_MS).unref();
  }

  /** In the order in which they were configured or found. */
  get replicas(): Replica[] {
    return [...this.#replicas.values()];
  }

  /** Names that no address has been found for. */
  get unresolved(): string[] {
    return Array.from(this.#unresolved, ({ text }) => text);
  }

  /**
   * Gives `work` the usable replica with the most room, and counts it as full until `work` has ended. Waits at most
   * 2 s for one, then rejects with ExecutionFailure (`executor_unavailable`); rejects with the signal's reason when it
   * is aborted before.
   */
  async use<Answer>(
    signal: AbortSignal | undefined,
    work: (replica: Replica) => Promise<Answer>,
  ): Promise<Answer> {
    signal?.throwIfAborted();
    const replica = this.#take() ?? (await this.#waitForOne(signal));
    try {
      return await work(replica);
    } finally {
      replica.inFlight--;
    }
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const replica of this.#order) replica.close();
  }

  /** Counted at once: of two calls in the same tick the second must see the first. */
  #take(): Replica | undefined {
    let best: Replica | undefined;
    for (const replica of this.#order) {
      if (replica.usable && (best === undefined || replica.loadWithOneMore < best.loadWithOneMore))
        best = replica;
    }
    if (best === undefined) return undefined;
    best.inFlight++;
    this.#order.push(...this.#order.splice(this.#order.indexOf(best), 1));
    return best;
  }

  #waitForOne(signal: AbortSignal | undefined): Promise<Replica> {
    if (Date.now() - this.#resolvedAt > RESOLVE_AGAIN_AFTER_MS) this.#resolveNames();
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        this.#waiting.delete(onUsable);
        settle();
      };
      const onUsable = (): void => {
        const replica = this.#take();
        if (replica !== undefined) finish(() => resolve(replica));
      };
      const onAbort = (): void => finish(() => reject(signal?.reason));
      const onTime = (): void => finish(() => reject(platformFailure("executor_unavailable")));
      const timer = setTimeout(onTime, WAIT_MS);
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.add(onUsable);
    });
  }

  #add(address: ReplicaAddress): void {
    const { credentials, probe } = this.#options;
    const onUsable = (): void => {
      for (const notify of this.#waiting) notify();
    };
    const replica = new Replica({ address, credentials, probe, onUsable });
    this.#replicas.set(addressKey(address), replica);
    this.#order.push(replica);
  }

  #resolveNames(): void {
    if (this.#resolving || this.#closed) return;
    this.#resolving = true;
    void Promise.all(this.#targets.map((target) => this.#addressesOf(target))).then((found) => {
      this.#resolving = false;
      this.#resolvedAt = Date.now();
      if (!this.#closed) this.#update(found);
    });
  }

  /** undefined where a name is not known just now: its replicas then stay as they are. */
  async #addressesOf(target: Target): Promise<ReplicaAddress[] | undefined> {
    try {
      return await resolveTarget(target);
    } catch (error) {
      this.#options.logger.warn({ err: error, target: target.text }, "an executor's name is not known");
      return undefined;
    }
  }

  #update(found: (ReplicaAddress[] | undefined)[]): void {
    const addresses = found.flatMap((list) => list ?? []);
    for (const address of addresses) {
      this.#unresolved.delete(address.target);
      if (!this.#replicas.has(addressKey(address))) this.#add(address);
    }
    if (found.includes(undefined)) return;
    const current = new Set(addresses.map(addressKey));
    for (const [key, replica] of this.#replicas) if (!current.has(key)) this.#drop(key, replica);
  }

  #drop(key: string, replica: Replica): void {
    this.#replicas.delete(key);
    this.#order = this.#order.filter((other) => other !== replica);
    replica.close();
  }
}

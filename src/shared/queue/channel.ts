import type { Redis } from "ioredis";
import type { Logger } from "../logging.ts";
import { closeRedis, connectRedis } from "../redis.ts";

/** One subscribed channel on a connection of its own. */
export class Channel {
  readonly #connection: Redis;
  readonly #listeners = new Set<() => void>();
  #subscribed = false;

  constructor(redisUrl: string, name: string, logger: Logger) {
    this.#connection = connectRedis(redisUrl, "subscriber", logger);
    this.#connection.on("ready", () => {
      // ioredis subscribes again by itself; asking once more is harmless and tells when it holds.
      this.#connection.subscribe(name).then(
        () => this.#announce(),
        (error: unknown) => logger.warn({ err: error, channel: name }, "Redis refused the subscription"),
      );
    });
    this.#connection.on("close", () => {
      this.#subscribed = false;
    });
  }

  onMessage(listener: (message: string) => void): void {
    this.#connection.on("message", (_channel: string, message: string) => listener(message));
  }

  /** Called at every subscription that holds, the first one included. */
  onSubscribed(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  connected(): boolean {
    return this.#subscribed;
  }

  close(): Promise<void> {
    return closeRedis(this.#connection);
  }

  #announce(): void {
    this.#subscribed = true;
    for (const listener of this.#listeners) listener();
  }
}

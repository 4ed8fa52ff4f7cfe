/** Closes the intake while a part that every job needs is down, and finds out when it is back. */
import type { Intake } from "./intake.ts";

const PROBE_MS = 1_000;

export class Outage {
  readonly #intake: Intake;
  readonly #reason: "job store" | "Redis memory";
  readonly #probe: () => Promise<unknown>;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** `probe` resolves when the part works. */
  constructor(intake: Intake, reason: "job store" | "Redis memory", probe: () => Promise<unknown>) {
    this.#intake = intake;
    this.#reason = reason;
    this.#probe = probe;
  }

  /** Told by whoever met it; telling again changes nothing. */
  begin(): void {
    if (this.#timer !== undefined || this.#stopped) return;
    this.#intake.close(this.#reason);
    this.#probeLater();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #probeLater(): void {
    this.#timer = setTimeout(() => {
      this.#probe().then(
        () => this.#end(),
        // Still down: that is what the probe is for.
        () => this.#probeLater(),
      );
    }, PROBE_MS);
  }

  #end(): void {
    this.#timer = undefined;
    if (!this.#stopped) this.#intake.open(this.#reason);
  }
}

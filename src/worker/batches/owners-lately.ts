/** Whose chunks came lately: with one owner's alone a chunk may be taken ahead, with several whose turn it is is told late. */
const LATELY_MS = 1_000;

export class OwnersLately {
  readonly #lastAt = new Map<string, number>();

  /** A chunk of the owner has come; how many owners' came lately, this one's included. */
  seen(owner: string, now = performance.now()): number {
    this.#lastAt.set(owner, now);
    for (const [other, at] of this.#lastAt) if (now - at > LATELY_MS) this.#lastAt.delete(other);
    return this.#lastAt.size;
  }
}

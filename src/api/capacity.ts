import { tryLater } from "./problem-details.ts";

/** How many requests may be kept open at once for one purpose. */
export interface Capacity {
  /** false if all places are taken. */
  tryEnter(): boolean;
  /** Takes a place or throws 503. */
  enter(): void;
  leave(): void;
  taken(): number;
}

/** `what` is a plural for the 503's sentence, such as "event streams". */
export function createCapacity(max: number, what: string): Capacity {
  let taken = 0;
  const tryEnter = (): boolean => {
    if (taken >= max) return false;
    taken += 1;
    return true;
  };
  return {
    tryEnter,
    enter() {
      if (!tryEnter()) throw tryLater(`This server holds as many ${what} open as it can.`, 5);
    },
    leave() {
      taken -= 1;
    },
    taken: () => taken,
  };
}

/**
 * Runs a suite on each job store. END_TO_END names some (sqlite, firestore), or is `all`: then Firestore, where fewer
 * jobs are in flight and fewer parts are killed to save time, gets as much as SQLite.
 */
import { afterAll, beforeAll, describe } from "vitest";
import { emulatorIsMissing } from "../../support/start-firestore-emulator.ts";
import { firestoreStore } from "./firestore.ts";
import { SQLITE } from "./sqlite.ts";
import type { StackStore } from "./store.ts";

const LESS = { manyJobs: 60, killsEachPart: false };

export function describeOnEachStore(suite: (store: StackStore) => void): void {
  const asked = process.env["END_TO_END"];
  const firestore = firestoreStore(asked === "all" ? SQLITE : LESS);
  for (const store of [SQLITE, firestore]) {
    const chosen = asked === undefined || asked === "all" || asked.includes(store.name.toLowerCase());
    const impossible = store === firestore && chosen && emulatorIsMissing();
    describe.skipIf(!chosen || impossible)(`on ${store.name}`, () => {
      beforeAll(() => store.prepare());
      afterAll(() => store.dispose());
      suite(store);
    });
  }
}

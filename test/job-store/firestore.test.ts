import { afterAll, beforeAll, describe } from "vitest";
import {
  emulatorIsMissing,
  type FirestoreEmulatorPart,
  startFirestoreEmulator,
} from "../support/start-firestore-emulator.ts";
import { describeJobStore } from "./conformance.ts";
import { firestoreUnderTest } from "./firestore-under-test.ts";

describe.skipIf(emulatorIsMissing())("with the emulator", () => {
  let emulator: FirestoreEmulatorPart;

  beforeAll(async () => {
    emulator = await startFirestoreEmulator();
  });

  afterAll(() => emulator.stop());

  describeJobStore("Firestore", () => firestoreUnderTest(emulator));
  describeJobStore("Firestore, of jobs that listeners see later", () =>
    firestoreUnderTest(emulator, "later"),
  );
});

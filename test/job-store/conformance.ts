/**
 * What every adapter of the job store must do, written against the port alone. A new adapter calls describeJobStore
 * from a test file of its own; see sqlite.test.ts.
 */
import { afterEach, beforeEach, describe } from "vitest";
import type { JobRecord } from "../../src/shared/job-store/job-record.ts";
import type { JobStore } from "../../src/shared/job-store/port.ts";
import { describeBatches } from "./conformance/batches.ts";
import { describeChanges } from "./conformance/changes.ts";
import { describeCreation } from "./conformance/creation.ts";
import { describeLists } from "./conformance/lists.ts";
import { describeResults } from "./conformance/results.ts";
import { describeRetention } from "./conformance/retention.ts";

/** A store without jobs. */
export interface StoreUnderTest {
  store: JobStore;
  /** Another connection to the same jobs, as another process would have. The caller closes it. */
  openAnother: () => Promise<JobStore>;
  /** Changes a bit in the second part of the job's stored result behind the store's back. */
  damageResult: (job: JobRecord) => Promise<void>;
  /** Removes the last part of the job's stored result behind the store's back. */
  removeLastPart: (job: JobRecord) => Promise<void>;
  /** How many parts of results there are, whoever they belong to. */
  countParts: () => Promise<number>;
  /** Closes the store and removes every trace of it. */
  dispose: () => Promise<void>;
}

/** The store of the test that runs. */
export type Current = () => StoreUnderTest;

export function describeJobStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`the job store on ${name}`, () => {
    let underTest: StoreUnderTest | undefined;

    const current: Current = () => {
      if (underTest === undefined) throw new Error("No test is running");
      return underTest;
    };

    beforeEach(async () => {
      underTest = await open();
    });

    afterEach(async () => {
      await underTest?.dispose();
      underTest = undefined;
    });

    describeCreation(current);
    describeChanges(current);
    describeResults(current);
    describeLists(current);
    describeRetention(current);
    describeBatches(current);
  });
}

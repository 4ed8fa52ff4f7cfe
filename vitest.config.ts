import { defineConfig } from "vitest/config";

/** Files that start the whole service: two at a time, since they wait more than they work. */
const WHOLE_SERVICE = [
  "test/browser/**/*.test.ts",
  "test/end-to-end/**/*.test.ts",
  "test/local/**/*.test.ts",
];
const common = { testTimeout: 30_000, hookTimeout: 60_000, teardownTimeout: 30_000 };

export default defineConfig({
  test: {
    globalSetup: "test/support/nothing-left-behind.ts",
    pool: "forks",
    projects: [
      {
        test: {
          ...common,
          name: "rooms",
          include: ["test/**/*.test.ts"],
          exclude: WHOLE_SERVICE,
          // Files share what they import, which is a quarter of their CPU time; each ends what it started.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: "end-to-end",
          include: WHOLE_SERVICE,
          testTimeout: 90_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

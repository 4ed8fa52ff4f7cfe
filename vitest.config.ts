import { defineConfig } from "vitest/config";

const common = { testTimeout: 30_000, hookTimeout: 60_000, teardownTimeout: 30_000 };

/** Unit and room tests share the cores; end-to-end tests follow one file at a time, since they time real processes. */
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
          exclude: ["test/end-to-end/**"],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: "end-to-end",
          include: ["test/end-to-end/**/*.test.ts"],
          testTimeout: 90_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

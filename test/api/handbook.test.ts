import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PROBLEMS } from "../../src/shared/contract/problem.ts";

const handbook = readFileSync("docs/api.md", "utf8");

test("docs/api.md has every problem code with its status", () => {
  for (const [code, [status]] of Object.entries(PROBLEMS))
    expect(handbook).toContain(`| \`${code}\` | ${status} |`);
});

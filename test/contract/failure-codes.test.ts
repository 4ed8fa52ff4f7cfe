/** The codes that failures carry are the same for the executor, for clients and for the readers of the docs. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EXECUTOR_FAILURE_CODES, failureCodeSchema } from "../../src/shared/contract/failure-code.ts";

function textOf(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}

/** The values of the StrEnum FailureCode. */
function codesOfExecutor(): string[] {
  const source = textOf("executor/strategiz_executor/strategy/codes.py");
  const [, body = ""] = /class FailureCode\(StrEnum\):([\s\S]*?)\nclass /.exec(source) ?? [];
  return Array.from(body.matchAll(/^ {4}[A-Z_]+ = "([a-z_]+)"$/gm), ([, code = ""]) => code);
}

/** The first column of the table below the heading. */
function codesOfDocs(): string[] {
  const [, section = ""] = /### Failure codes\n([\s\S]*?)\n#/.exec(textOf("docs/strategies.md")) ?? [];
  return Array.from(section.matchAll(/^\| `([a-z_]+)` \|/gm), ([, code = ""]) => code);
}

test("what the executor may answer is what its code says", () => {
  expect([...EXECUTOR_FAILURE_CODES].sort()).toEqual(codesOfExecutor().sort());
});

test("docs/strategies.md explains every code and no other", () => {
  expect(codesOfDocs().sort()).toEqual([...failureCodeSchema.options].sort());
});

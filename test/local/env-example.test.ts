import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { ROOT } from "../../src/local/paths.ts";
import { readApiConfig, readWorkerConfig } from "../../src/shared/config.ts";

const example = parseEnv(readFileSync(join(ROOT, ".env.example"), "utf8"));

test(".env.example lists every setting of API and worker, with its default", () => {
  for (const read of [readApiConfig, readWorkerConfig]) {
    const defaults = read({});
    expect(read(example)).toEqual(defaults);
    for (const name of Object.keys(defaults)) expect(Object.keys(example)).toContain(name);
  }
});

test("it lists nothing that nobody reads", () => {
  const sources = ["src/shared/config.ts", "src/shared/auth-config.ts"];
  const config = sources.map((path) => readFileSync(join(ROOT, path), "utf8")).join("\n");
  const executor = readFileSync(join(ROOT, "executor/strategiz_executor/server/cli.py"), "utf8");
  for (const name of Object.keys(example))
    expect(`${config}${executor}`).toMatch(new RegExp(`\\b${name}\\b`));
});

/**
 * `npm run build:sdk -- [DIRECTORY]`: the SDK as a package of plain JavaScript with types, in dist/sdk. Bundlers and
 * Node >= 20 take it as it is; `npm pack` makes a file of it, `npm publish` brings it to a registry.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";

const USED = ["eventsource-parser", "zod"];

const root = z
  .object({ version: z.string(), license: z.string(), dependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync("package.json", "utf8")));
const directory = resolve(process.argv[2] ?? "dist/sdk");

rmSync(directory, { recursive: true, force: true });
execFileSync("tsc", ["-p", "src/sdk/tsconfig.build.json", "--outDir", directory], { stdio: "inherit" });
const manifest = {
  name: "strategiz-execution-sdk",
  version: root.version,
  description: "Submits backtests to Strategiz Execution Worker and follows them, in browsers and Node.",
  license: root.license,
  type: "module",
  engines: { node: ">=20" },
  sideEffects: false,
  exports: { ".": { types: "./sdk/index.d.ts", default: "./sdk/index.js" } },
  dependencies: Object.fromEntries(USED.map((name) => [name, root.dependencies[name]])),
};
writeFileSync(join(directory, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
console.log(`${manifest.name} ${manifest.version} is in ${directory}`);

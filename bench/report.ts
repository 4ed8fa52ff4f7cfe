/** A benchmark's table: printed for people, written as JSON for comparison. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { join } from "node:path";

export interface Row {
  what: string;
  /** Named figures with their units in the name, such as "p50 ms". */
  figures: Record<string, number | string>;
  /** What it is to be compared with, and whether that was reached. */
  target?: string;
  reached?: boolean;
}

export interface Table {
  name: string;
  title: string;
  rows: Row[];
  /** Whether a target that was missed is a failure of the command, and not a figure to look at. */
  mustReach?: boolean;
}

export function printHeader(): void {
  const cpu = cpus();
  console.log(
    `${new Date().toISOString().slice(0, 10)}  ${cpu.length} cores, ${cpu[0]?.model ?? "unknown"}, Linux ${release()}`,
  );
  console.log(`Node ${process.versions.node}, ${pythonVersions()}\n`);
}

function pythonVersions(): string {
  const script =
    "import platform, importlib.metadata as m; print('Python', platform.python_version() + ',', ', '.join(f'{p} {m.version(p)}' for p in ('grpcio', 'numpy', 'pandas', 'TA-Lib')))";
  return execFileSync(".venv/bin/python", ["-c", script], { encoding: "utf8" }).trim();
}

export function printTable({ title, rows }: Table): void {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row.figures)))];
  const head = ["", ...columns, "target"];
  const body = rows.map((row) => [
    row.what,
    ...columns.map((column) => show(row.figures[column])),
    row.target === undefined
      ? ""
      : `${row.target}${row.reached === undefined ? "" : row.reached ? "  reached" : "  MISSED"}`,
  ]);
  const widths = head.map((text, index) =>
    Math.max(text.length, ...body.map((line) => (line[index] ?? "").length)),
  );
  console.log(title);
  for (const line of [head, ...body]) {
    const cells = line.map((text, index) =>
      index === 0 || index === line.length - 1
        ? text.padEnd(widths[index] ?? 0)
        : text.padStart(widths[index] ?? 0),
    );
    console.log(`  ${cells.join("  ").trimEnd()}`);
  }
  console.log("");
}

function show(value: number | string | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}

export function writeTable(table: Table): void {
  const directory = join("bench", "results");
  mkdirSync(directory, { recursive: true });
  const stamp = new Date().toISOString();
  writeFileSync(join(directory, `${table.name}.json`), `${JSON.stringify({ stamp, ...table }, null, 2)}\n`);
}

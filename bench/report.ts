/** A benchmark's table: printed for people, written as JSON for comparison. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release } from "node:os";
import { join } from "node:path";

export interface Row {
  what: string;
  /** Named figures with their units in the name, such as "p50 ms". */
  figures: Record<string, number | string>;
  /** What it is to be compared with, and whether that was reached. */
  target?: string;
  reached?: boolean;
  /** The figures that the README shows of this row; it leaves the row out if undefined. */
  headline?: string[];
}

export interface Table {
  name: string;
  title: string;
  rows: Row[];
  /** Whether a target that was missed is a failure of the command, and not a figure to look at. */
  mustReach?: boolean;
  /** How fast the machine was around it; see yardstick.ts. */
  yardstick?: string;
}

/** What the figures were measured on, and when. */
export interface Machine {
  date: string;
  /** Processes that wanted a core in the minute before: above 1 they were not ours alone. */
  load: string;
  hardware: string;
  software: string;
}

export function describeMachine(): Machine {
  const cpu = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    load: `load ${(loadavg()[0] ?? 0).toFixed(1)} before`,
    hardware: `${cpu.length} cores, ${cpu[0]?.model ?? "unknown"}, Linux ${release()}`,
    software: `Node ${process.versions.node}, ${pythonVersions()}`,
  };
}

export function printHeader({ date, load, hardware, software }: Machine): void {
  console.log(`${date}  ${hardware}, ${load}\n${software}\n`);
}

function pythonVersions(): string {
  const script =
    "import platform, importlib.metadata as m; print('Python', platform.python_version() + ',', ', '.join(f'{p} {m.version(p)}' for p in ('grpcio', 'numpy', 'pandas', 'TA-Lib')))";
  return execFileSync(".venv/bin/python", ["-c", script], { encoding: "utf8" }).trim();
}

/** The table as text: a head, and a line for each row; the first cell says what, the last the target. */
export function cellsOf({ rows }: Table): { head: string[]; body: string[][] } {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row.figures)))];
  const body = rows.map((row) => [
    row.what,
    ...columns.map((column) => showFigure(row.figures[column])),
    showTarget(row),
  ]);
  return { head: ["", ...columns, "target"], body };
}

export function showTarget({ target, reached }: Row): string {
  if (target === undefined) return "";
  return `${target}${reached === undefined ? "" : reached ? "  reached" : "  MISSED"}`;
}

export function printTable(table: Table): void {
  const { head, body } = cellsOf(table);
  const widths = head.map((text, index) =>
    Math.max(text.length, ...body.map((line) => (line[index] ?? "").length)),
  );
  console.log(table.title);
  for (const line of [head, ...body]) {
    const cells = line.map((text, index) =>
      index === 0 || index === line.length - 1
        ? text.padEnd(widths[index] ?? 0)
        : text.padStart(widths[index] ?? 0),
    );
    console.log(`  ${cells.join("  ").trimEnd()}`);
  }
  console.log(`  ${table.yardstick ?? ""}\n`);
}

export function showFigure(value: number | string | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  if (Math.abs(value) >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return value.toFixed(Math.abs(value) < 0.1 ? 4 : 2);
}

const RESULTS = join("bench", "results");

export function writeTable(table: Table, machine: Machine): void {
  mkdirSync(RESULTS, { recursive: true });
  const stamp = new Date().toISOString();
  const text = JSON.stringify({ stamp, machine, ...table }, null, 2);
  writeFileSync(join(RESULTS, `${table.name}.json`), `${text}\n`);
}

/** What was written last under that name; undefined if it was never measured here. */
export function readTable(name: string): Table | undefined {
  const path = join(RESULTS, `${name}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Table) : undefined;
}

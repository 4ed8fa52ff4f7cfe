/** Puts figures into docs/benchmarks.md and README.md, between comments: <!-- bench NAME --> ... <!-- end NAME -->. */
import { readFileSync, writeFileSync } from "node:fs";
import { cellsOf, type Machine, type Row, showFigure, showTarget, type Table } from "./report.ts";

const PAGE = "docs/benchmarks.md";
const README = "README.md";

/** One table into the page of all figures, at the end of it where it has no place yet. */
export function writeIntoPage(table: Table, machine: Machine): void {
  const page = readFileSync(PAGE, "utf8");
  if (!page.includes(`<!-- bench ${table.name} -->`)) {
    writeFileSync(PAGE, `${page}\n<!-- bench ${table.name} -->\n<!-- end ${table.name} -->\n`);
  }
  replaceBetween(
    PAGE,
    table.name,
    `${markdownOf(table)}\n\n${machine.date}, ${machine.hardware}, ${machine.load}, ${table.yardstick}`,
  );
}

/** The rows with a headline of all tables. */
export function writeIntoReadme(tables: readonly Table[], machine: Machine): void {
  const lines = tables.flatMap(({ name, rows }) => rows.flatMap((row) => shortLineOf(name, row)));
  const head = [
    `${machine.date}, ${machine.hardware}:`,
    "",
    "| | measured | target |",
    "| --- | --- | --- |",
  ];
  replaceBetween(README, "summary", [...head, ...lines].join("\n"));
}

function replaceBetween(path: string, name: string, text: string): void {
  const page = readFileSync(path, "utf8");
  const [begin, end] = [`<!-- bench ${name} -->\n`, `<!-- end ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path} has no lines "${begin.trim()}" and "${end}"`);
  writeFileSync(path, `${page.slice(0, from + begin.length)}${text}\n${page.slice(to)}`);
}

function markdownOf(table: Table): string {
  const { head, body } = cellsOf(table);
  const rule = head.map((_, index) => (index === 0 || index === head.length - 1 ? "---" : "---:"));
  return [`**${table.title}**`, "", ...[head, rule, ...body].map(lineOf)].join("\n");
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function shortLineOf(bench: string, row: Row): string[] {
  if (row.headline === undefined) return [];
  const figures = row.headline.map((name) => `${name} ${showFigure(row.figures[name])}`);
  return [lineOf([`${bench}: ${row.what}`, figures.join(", "), showTarget(row)])];
}

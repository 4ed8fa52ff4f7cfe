/** The look of the demo's output. */
import { styleText } from "node:util";

export function printTitle(title: string): void {
  console.log(`\n${styleText("bold", title)}\n`);
}

/** Source code, set apart. */
export function printCode(code: string): void {
  for (const line of code.trimEnd().split("\n")) console.log(styleText("dim", `    ${line}`));
  console.log();
}

/** `name    value` lines that line up. */
export function printFields(fields: [string, string | undefined][]): void {
  const present = fields.filter((field): field is [string, string] => field[1] !== undefined);
  const width = Math.max(...present.map(([name]) => name.length));
  for (const [name, value] of present) console.log(`  ${name.padEnd(width)}  ${value}`);
}

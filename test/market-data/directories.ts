import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A directory with these files, removed when the test ends. */
export async function directoryWith(files: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "market-data-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
  return directory;
}

export const HEADER = "date,open,high,low,close,volume\n";

/** So many daily bars from 2020-01-01 on. */
export function dailyCsv(bars: number): string {
  const rows = Array.from({ length: bars }, (_, index) => {
    const day = new Date(Date.UTC(2020, 0, 1 + index)).toISOString().slice(0, 10);
    return `${day},${index + 1},${index + 2},${index + 0.5},${index + 1.5},${1_000 + index}`;
  });
  return `${HEADER}${rows.join("\n")}\n`;
}

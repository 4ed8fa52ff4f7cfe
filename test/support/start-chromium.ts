/** Chromium as the system has it, without a window. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
/** As root it runs only without its sandbox; it sees nothing but pages of ours. */
const SWITCHES = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"];

/** Whether tests that need it can run: without it they are skipped with one line, and in CI they fail. */
export function chromiumIsMissing(): boolean {
  if (findChromium() !== undefined || Boolean(process.env["CI"])) return false;
  console.warn("Skipped: no Chromium (on Debian: apt-get install chromium)");
  return true;
}

export function startChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("Chromium is not installed");
  return chromium.launch({ executablePath, args: SWITCHES });
}

function findChromium(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) =>
    existsSync(file),
  );
}

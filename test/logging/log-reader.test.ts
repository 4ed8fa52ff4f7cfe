import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const CHATTY_PROCESS = new URL("./chatty-process.ts", import.meta.url);
/** A bare Node process takes about 60 MB. */
const MEMORY_MAX_MB = 200;
const ENDS_WITHIN_MS = 5_000;

function startChatty(): ChildProcess {
  const chatty = spawn(process.execPath, [fileURLToPath(CHATTY_PROCESS)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void chatty.kill("SIGKILL"));
  return chatty;
}

/** null if it had to be killed. */
async function endOf(chatty: ChildProcess): Promise<unknown> {
  chatty.kill("SIGTERM");
  const late = setTimeout(() => chatty.kill("SIGKILL"), ENDS_WITHIN_MS);
  const [code] = await once(chatty, "exit");
  clearTimeout(late);
  return code;
}

test("the reader of the log goes and the process is told to stop: it ends", async () => {
  const chatty = startChatty();
  if (chatty.stdout !== null) await once(chatty.stdout, "data");
  chatty.stdout?.destroy();
  expect(await endOf(chatty)).toBe(0);
});

test("the reader of the log goes: the process works on", async () => {
  const chatty = startChatty();
  if (chatty.stdout !== null) await once(chatty.stdout, "data");
  chatty.stdout?.destroy();
  if (chatty.stderr !== null) await once(chatty.stderr, "data");
  expect(await endOf(chatty)).toBe(0);
});

test("nobody reads the log: the process works on, and drops lines instead of keeping them all", async () => {
  const chatty = startChatty();
  if (chatty.stderr !== null) await once(chatty.stderr, "data");
  const residentMb =
    Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${chatty.pid}/status`, "utf8"))?.[1]) / 1024;
  expect(residentMb).toBeLessThan(MEMORY_MAX_MB);
  expect(await endOf(chatty)).toBe(0);
});

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { ApiClient } from "../../src/local/api-client.ts";
import { reaches } from "../end-to-end/events.ts";
import { endlessJob, quickJob } from "../end-to-end/strategies.ts";
import { temporaryDirectory } from "../support/part.ts";
import { isAlive, liveProcesses } from "../support/processes.ts";
import { type Command, readyAt, runCommand } from "./command.ts";

const MAIN = "src/local/main.ts";
const commands: Command[] = [];

async function start(state: string): Promise<Command> {
  const command = await runCommand(MAIN, ["--port", "0", "--state", state, "--slots", "1"], {
    DRAIN_GRACE_SECONDS: "1",
  });
  commands.push(command);
  return command;
}

let state: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  state = temporaryDirectory();
});
afterEach(async () => {
  for (const command of commands.splice(0)) if (!command.hasEnded()) await command.stop(20_000);
  state.remove();
});

test("SIGTERM stops all of it; the next start goes on with the jobs that had not ended", async () => {
  const first = await start(state.path);
  const client = new ApiClient(await readyAt(first));
  const running = await client.submitJob(endlessJob(20));
  await reaches(client, running, "running");
  const waiting = await client.submitJob(quickJob());
  const tree = first.tree();
  expect(tree.length).toBeGreaterThan(5);
  first.kill("SIGTERM");
  expect(await first.ending()).toEqual({ code: 0, signal: null });
  expect(tree.filter(isAlive)).toEqual([]);

  const again = new ApiClient(await readyAt(await start(state.path)));
  expect(await reaches(again, running, "running")).toMatchObject({ attempts: 0 });
  await again.cancelJob(running);
  expect(await again.waitForEnd(waiting)).toMatchObject({ status: "succeeded", attempts: 0 });
});

test("a second start on the same directory says who holds it, and leaves the first alone", async () => {
  const first = await start(state.path);
  const url = await readyAt(first);
  const second = await start(state.path);
  expect((await second.ending()).code).toBe(1);
  expect(second.output()).toContain(`${state.path} is in use: process ${first.pid}`);
  expect(second.output()).toContain(`answers at ${url}`);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

test("the command itself gets SIGKILL: its processes end too, and the directory can be used again", async () => {
  const first = await start(state.path);
  await readyAt(first);
  const tree = first.tree();
  first.kill("SIGKILL");
  const second = await start(state.path);
  expect((await fetch(`${await readyAt(second)}/readyz`)).status).toBe(200);
  expect(tree.filter(isAlive)).toEqual([]);
});

test("one process dies: the command says which, stops the others and ends with code 1", async () => {
  const command = await start(state.path);
  await readyAt(command);
  const tree = command.tree();
  const worker = liveProcesses().find(
    ({ pid, command: text }) => tree.includes(pid) && text.includes("src/worker/main.ts"),
  );
  process.kill(worker?.pid ?? 0, "SIGKILL");
  expect((await command.ending()).code).toBe(1);
  expect(command.output()).toContain("worker was ended by SIGKILL");
  expect(tree.filter(isAlive)).toEqual([]);
});

test("the printed request works when pasted into a shell", async () => {
  const command = await start(state.path);
  await readyAt(command);
  const line = command.recentLines().find((text) => text.includes("curl -s")) ?? "";
  const [url = "", ...options] = await argumentsOfCurl(line);
  const values = (name: string): string[] => options.filter((_, index) => options[index - 1] === name);
  const answer = await fetch(url, {
    method: "POST",
    headers: values("-H").map((header): [string, string] => {
      const [name = "", value = ""] = header.split(": ");
      return [name, value];
    }),
    body: values("-d")[0] ?? "",
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ status: "succeeded", symbol: "AAPL" });
});

/** What a shell makes of the line, on a machine that may have no curl: everything after `curl -s`. */
async function argumentsOfCurl(line: string): Promise<string[]> {
  const print = "for (const text of process.argv.slice(2)) console.log(JSON.stringify(text))";
  const script = `curl() { "$NODE" -e '${print}' -- "$@"; }\n${line}`;
  const { stdout } = await promisify(execFile)("sh", ["-c", script], {
    env: { ...process.env, NODE: process.execPath },
  });
  return stdout
    .trim()
    .split("\n")
    .map((text) => z.string().parse(JSON.parse(text)));
}

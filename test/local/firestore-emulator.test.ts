/** `npm start -- --firestore-emulator`. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ApiClient } from "../../src/local/api-client.ts";
import { requireEmulator } from "../../src/local/firestore-emulator/find-emulator.ts";
import { openDatabase } from "../../src/shared/job-store/firestore/open-database.ts";
import { reaches } from "../end-to-end/events.ts";
import { endlessJob, quickJob } from "../end-to-end/strategies.ts";
import { temporaryDirectory } from "../support/part.ts";
import { isAlive } from "../support/processes.ts";
import { emulatorIsMissing, startFirestoreEmulator } from "../support/start-firestore-emulator.ts";
import { type Command, readyAt, runCommand } from "./command.ts";

const MAIN = "src/local/main.ts";
let state: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  state = temporaryDirectory();
});
afterEach(() => state.remove());

function start(environment: Record<string, string> = {}): Promise<Command> {
  const options = ["--port", "0", "--state", state.path, "--slots", "1", "--firestore-emulator"];
  return runCommand(MAIN, options, { DRAIN_GRACE_SECONDS: "1", ...environment });
}

describe.skipIf(emulatorIsMissing())("with the emulator", () => {
  test("SIGTERM saves its documents: the next start has what ended and goes on with what had not", async () => {
    const first = await start({ FIRESTORE_EMULATOR_HOST: "" });
    const client = new ApiClient(await readyAt(first));
    expect(first.output()).toMatch(/jobs +Firestore emulator at 127\.0\.0\.1:\d+, project demo-strategiz/);
    const ended = await client.waitForEnd(await client.submitJob(quickJob()));
    const result = await client.readResult(ended.id);
    const running = await client.submitJob(endlessJob(20));
    await reaches(client, running, "running");
    const waiting = await client.submitJob(quickJob());
    const tree = first.tree();
    expect(await first.stop(30_000)).toEqual({ code: 0, signal: null });
    expect(tree.filter(isAlive)).toEqual([]);

    const second = await start({ FIRESTORE_EMULATOR_HOST: "" });
    const again = new ApiClient(await readyAt(second));
    expect(await again.readJob(ended.id)).toEqual(ended);
    expect(await again.readResult(ended.id)).toEqual(result);
    expect(await reaches(again, running, "running")).toMatchObject({ attempts: 0 });
    await again.cancelJob(running);
    expect(await again.waitForEnd(waiting)).toMatchObject({ status: "succeeded", attempts: 0 });
    await second.stop(30_000);
  });

  test("one at FIRESTORE_EMULATOR_HOST is used, and left running with its documents", async () => {
    const emulator = await startFirestoreEmulator();
    const environment = { FIRESTORE_EMULATOR_HOST: emulator.host, FIRESTORE_PROJECT: "demo-another" };
    const command = await start(environment);
    const client = new ApiClient(await readyAt(command));
    const { id } = await client.waitForEnd(await client.submitJob(quickJob()));
    expect(await command.stop(30_000)).toEqual({ code: 0, signal: null });
    const { db, close } = openDatabase({ projectId: "demo-another", emulatorHost: emulator.host });
    expect((await db.doc(`jobs/${id}`).get()).get("status")).toBe("succeeded");
    await close();
    await emulator.stop();
  });

  test("without Java it says so in one line and starts nothing", async () => {
    const command = await start({ JAVA: "/nowhere/java", FIRESTORE_EMULATOR_HOST: "" });
    expect((await command.ending()).code).toBe(1);
    expect(command.recentLines().at(-1)).toMatch(
      /^The Firestore emulator needs Java 11 .*\/nowhere\/java does not run.*default-jre-headless/,
    );
  });

  test("a Java that is too old is named", async () => {
    const java = join(state.path, "java");
    writeFileSync(java, "#!/bin/sh\necho 'openjdk version \"1.8.0_412\"' >&2\n");
    chmodSync(java, 0o755);
    await expect(requireEmulator({ ...process.env, JAVA: java })).rejects.toThrow(/java is Java 8\)/);
  });
});

test("without the emulator of the gcloud CLI one line says what to install", async () => {
  await expect(requireEmulator({ PATH: state.path }, [])).rejects.toMatchObject({
    name: "UnfitMachineError",
    message: expect.stringContaining("gcloud components install cloud-firestore-emulator"),
  });
});

/** `npm run market-data`. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openDatabase } from "../../src/shared/job-store/firestore/open-database.ts";
import { newProject } from "../job-store/firestore-under-test.ts";
import { type Command, runCommand } from "../local/command.ts";
import {
  emulatorIsMissing,
  type FirestoreEmulatorPart,
  startFirestoreEmulator,
} from "../support/start-firestore-emulator.ts";
import { dailyCsv, directoryWith } from "./directories.ts";

describe.skipIf(emulatorIsMissing())("npm run market-data", () => {
  let emulator: FirestoreEmulatorPart;
  beforeAll(async () => {
    emulator = await startFirestoreEmulator();
  });
  afterAll(() => emulator.stop());

  function run(project: string, ...args: string[]): Promise<Command> {
    const environment = { FIRESTORE_EMULATOR_HOST: emulator.host, FIRESTORE_PROJECT: project };
    return runCommand("src/market-data/main.ts", args, environment);
  }

  /** What it prints, once it has ended with this code. */
  async function output(project: string, args: string[], expectedCode = 0): Promise<string> {
    const command = await run(project, ...args);
    const { code } = await command.ending();
    expect(code, command.output()).toBe(expectedCode);
    return command.output();
  }

  test("import writes what is new, a dry run nothing, and list shows it", async () => {
    const project = newProject();
    const directory = await directoryWith({
      "AAPL.csv": dailyCsv(30),
      "MSFT_1h.csv": dailyCsv(20),
      "BAD.csv": "date,open\n",
    });
    const dry = await output(project, ["import", "--directory", directory, "--dry-run", "--symbols", "AAPL"]);
    expect(dry).toContain("[1/1] AAPL 1D would write 30 bars, packed");
    expect(await output(project, ["list"])).toBe("There are no bars: import some.");

    const first = await output(project, ["import", "--directory", directory], 1);
    expect(first).toContain("AAPL 1D wrote 30 bars, packed");
    expect(first).toMatch(/BAD 1D failed: the header has no column/);
    expect(first).toContain("2 written, 0 unchanged, 1 failed");
    const again = await output(project, ["import", "--directory", directory, "--symbols", "AAPL,MSFT"]);
    expect(again).toContain("0 written, 2 unchanged, 0 failed");
    expect(await output(project, ["list"])).toMatch(
      /AAPL +1D +packed +30 +2020-01-01T00:00 +2020-01-30T00:00 +1 +\d/,
    );
  });

  test("an import of one document a bar that was killed goes on where it was; pack makes one document of them", async () => {
    const project = newProject();
    const bars = 1_200;
    const directory = await directoryWith({ "IBM.csv": dailyCsv(bars) });
    const args = ["import", "--layout", "bars", "--directory", directory, "--symbols", "IBM"];
    const { db, close } = openDatabase({ projectId: project, emulatorHost: emulator.host });
    const count = async (): Promise<number> => (await db.collection("marketdata").count().get()).data().count;
    const killed = await run(project, ...args);
    await vi.waitUntil(async () => (await count()) > 0, { timeout: 20_000, interval: 5 });
    killed.kill("SIGKILL");
    await killed.ending();
    const written = await count();
    expect(written).toBeGreaterThan(0);
    expect(written).toBeLessThan(bars);
    // The emulator may still make a write that it was sent before.
    const wrote = /IBM 1D wrote (\d+) of 1200 bars/.exec(await output(project, args))?.[1];
    expect(Number(wrote)).toBeGreaterThan(0);
    expect(Number(wrote)).toBeLessThanOrEqual(bars - written);
    expect(await count()).toBe(bars);

    expect(await output(project, ["pack", "--dry-run"])).toContain(
      `would write ${bars} bars, packed (reads ${bars}`,
    );
    expect(await output(project, ["pack"])).toContain(`IBM 1D wrote ${bars} bars, packed`);
    expect(await output(project, ["pack"])).toContain(`IBM 1D unchanged: ${bars} bars, packed`);
    expect((await db.doc("series/IBM_1D").get()).get("bars")).toBe(bars);
    await close();
  });

  test("a layout that there is not is refused with those that there are", async () => {
    expect(await output(newProject(), ["import", "--layout", "zip"], 1)).toMatch(/packed, bars/);
  });
});

/** Everything that a signed-in browser needs, for real: emulator, stack on it, bundled page, Chromium. */
import type { Browser, Page } from "playwright-core";
import { startChromium } from "../../support/start-chromium.ts";
import {
  type FirestoreEmulatorPart,
  startFirestoreEmulator,
} from "../../support/start-firestore-emulator.ts";
import { type PageServer, startPage } from "../../support/start-page.ts";
import { type Stack, startStack } from "../../support/start-stack.ts";

export interface Frontend {
  emulator: FirestoreEmulatorPart;
  stack: Stack;
  pages: PageServer;
  browser: Browser;
  /** A browser of its own at the address. What it complains of is in `complaints`. */
  open(address: string): Promise<Page>;
  complaints: string[];
  stop(): Promise<void>;
}

export async function startFrontend(environment: Record<string, string> = {}): Promise<Frontend> {
  const ends: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const emulator = await startFirestoreEmulator();
    ends.push(() => emulator.stop());
    const { host, projectId } = emulator;
    const stack = await startStack({
      environment: {
        JOB_STORE: "firestore",
        FIRESTORE_PROJECT: projectId,
        FIRESTORE_EMULATOR_HOST: host,
        METADATA_SERVER_DETECTION: "none",
        AUTH: "firebase",
        // Nobody is asked there: it says that tokens without a signature are taken.
        FIREBASE_AUTH_EMULATOR_HOST: "127.0.0.1:1",
        ...environment,
      },
    });
    ends.push(() => stack.stop());
    const pages = await startPage(stack.url, host, projectId);
    ends.push(() => pages.stop());
    const browser = await startChromium();
    ends.push(() => browser.close());
    const complaints: string[] = [];
    const open = async (address: string): Promise<Page> => {
      const page = await (await browser.newContext()).newPage();
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.goto(address);
      return page;
    };
    return { emulator, stack, pages, browser, open, complaints, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

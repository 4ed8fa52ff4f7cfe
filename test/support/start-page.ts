/** The example page, and a bare one for the SDK, bundled as for production and served beside an API. */
import { join } from "node:path";
import { build, type InlineConfig, preview } from "vite";
import { ROOT } from "../../src/local/paths.ts";
import { ownPort } from "./own-port.ts";
import { temporaryDirectory } from "./part.ts";

export interface PageServer {
  /** The example page; `?user=NAME` signs in as NAME. */
  listener: string;
  /** A page that does nothing but have the SDK as `window.sdk`; `?user=NAME` as well. */
  harness: string;
  stop(): Promise<void>;
}

const LISTENER = "examples/listener/index.html";
const HARNESS = "test/browser/harness/index.html";

/** `emulator` as host:port. Loopback alone; the API is reached through the page's own origin. */
export async function startPage(apiUrl: string, emulator: string, projectId: string): Promise<PageServer> {
  const bundle = temporaryDirectory();
  const port = await ownPort();
  const config: InlineConfig = {
    root: ROOT,
    configFile: false,
    logLevel: "warn",
    define: { PAGE_SETTINGS: JSON.stringify({ firestoreEmulator: emulator, projectId }) },
    build: {
      outDir: bundle.path,
      emptyOutDir: true,
      chunkSizeWarningLimit: 2_000,
      rolldownOptions: { input: [join(ROOT, LISTENER), join(ROOT, HARNESS)] },
    },
    preview: { host: "127.0.0.1", port, strictPort: true, proxy: { "/v1": { target: apiUrl } } },
  };
  await build(config);
  const server = await preview(config);
  return {
    listener: `http://127.0.0.1:${port}/${LISTENER}`,
    harness: `http://127.0.0.1:${port}/${HARNESS}`,
    async stop() {
      await server.close();
      bundle.remove();
    },
  };
}

/**
 * The page's server: `npm run listener`. The API is reached through it (API_URL), so that the page needs no CORS;
 * FIRESTORE_EMULATOR_HOST and FIREBASE_PROJECT lead to Firestore's emulator, if there is one.
 */
import { defineConfig } from "vite";
import type { PageSettings } from "./connect.ts";

const environment = process.env;
const settings: PageSettings = {
  firestoreEmulator: environment["FIRESTORE_EMULATOR_HOST"] || null,
  projectId: environment["FIREBASE_PROJECT"] || environment["GOOGLE_CLOUD_PROJECT"] || "demo-strategiz",
};

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: "../../node_modules/.vite/listener",
  define: { PAGE_SETTINGS: JSON.stringify(settings) },
  server: {
    host: "127.0.0.1",
    port: Number(environment["LISTENER_PORT"] ?? 5173),
    strictPort: true,
    proxy: { "/v1": { target: environment["API_URL"] ?? "http://127.0.0.1:8080" } },
  },
  optimizeDeps: { include: ["firebase/app", "firebase/firestore"] },
});

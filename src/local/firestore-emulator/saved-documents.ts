/**
 * Documents of an emulator between two starts. It keeps them in memory alone, so they are exported before it is
 * stopped and read again at the next start: DIRECTORY/saved, or DIRECTORY/next where the exchange was cut short.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

const NAME = "documents";
const METADATA = join(NAME, `${NAME}.overall_export_metadata`);
const EXPORT_MS = 60_000;

/** The file that a start is seeded from; undefined where nothing was saved. */
export function findSaved(directory: string): string | undefined {
  return ["saved", "next"].map((place) => join(directory, place, METADATA)).find((file) => existsSync(file));
}

/** Replaces what was saved before, once the export is complete. */
export async function saveDocuments(host: string, projectId: string, directory: string): Promise<void> {
  const next = join(directory, "next");
  rmSync(next, { recursive: true, force: true });
  mkdirSync(next, { recursive: true, mode: 0o700 });
  const answer = await fetch(`http://${host}/emulator/v1/projects/${projectId}:export`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      database: `projects/${projectId}/databases/(default)`,
      export_directory: next,
      export_name: NAME,
    }),
    signal: AbortSignal.timeout(EXPORT_MS),
  });
  const text = await answer.text();
  if (!answer.ok || !existsSync(join(next, METADATA))) {
    throw new Error(`The Firestore emulator did not export its documents to ${next}: ${text}`);
  }
  const saved = join(directory, "saved");
  rmSync(saved, { recursive: true, force: true });
  renameSync(next, saved);
}

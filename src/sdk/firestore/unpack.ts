/** Checksums and gzip by what browsers and Node have built in. */
import { DamagedResultError, StrategizError } from "../errors.ts";
import { readChunks } from "../read-chunks.ts";

/** As the service has it: bounds what a damaged stream may unfold to. */
const RESULT_MAX_BYTES = 128 * 1024 * 1024;

/** Throws StrategizError in a page without a secure context, which has no crypto.subtle. */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (!("subtle" in globalThis.crypto)) {
    throw new StrategizError("Checksums need a page from https or localhost");
  }
  const digest = new Uint8Array(await globalThis.crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const unpacked: ReadableStream<Uint8Array> = new Blob([bytes])
    .stream()
    .pipeThrough(new DecompressionStream("gzip"));
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of readChunks(unpacked)) {
    size += chunk.byteLength;
    if (size > RESULT_MAX_BYTES) throw new DamagedResultError("The result unfolds to more than results have");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

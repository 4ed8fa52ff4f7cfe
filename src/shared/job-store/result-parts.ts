/** A stored result: one gzip stream cut into parts that fit a Firestore document, with a checksum over all. */
import { hash } from "node:crypto";
import { StoreCorruptedError } from "../errors.ts";
import type { ResultReference } from "./job-record.ts";

/** Firestore takes 1 MiB a document, field names and keys included. */
export const PART_MAX_BYTES = 900_000;

/** At least one part, so that an empty stream is not taken for a missing one. */
export function splitIntoParts(stream: Uint8Array): Uint8Array[] {
  const count = Math.max(1, Math.ceil(stream.byteLength / PART_MAX_BYTES));
  return Array.from({ length: count }, (_, part) =>
    stream.subarray(part * PART_MAX_BYTES, (part + 1) * PART_MAX_BYTES),
  );
}

export function referTo(attemptId: string, stream: Uint8Array, parts: number): ResultReference {
  return { attemptId, parts, bytes: stream.byteLength, sha256: hash("sha256", stream, "hex") };
}

/** The stream again. Throws StoreCorruptedError where a part is missing or a byte differs. */
export function joinParts(
  jobId: string,
  reference: ResultReference,
  parts: readonly Uint8Array[],
): Uint8Array {
  const stream = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  const whole =
    parts.length === reference.parts &&
    stream.byteLength === reference.bytes &&
    hash("sha256", stream, "hex") === reference.sha256;
  if (!whole) {
    throw new StoreCorruptedError(
      `The result of job ${jobId} is damaged in the job store: ${parts.length} of ${reference.parts} parts, ` +
        `${stream.byteLength} of ${reference.bytes} bytes, checksum not as written. Run the job again`,
    );
  }
  return stream;
}

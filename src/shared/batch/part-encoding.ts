/**
 * A chunk's columns as one gzip stream, as the job store keeps it.
 *
 * u32 length of the header, the header as JSON, padding to 8 bytes; then little-endian the figures (f64), failureOf
 * and noteOf (i32), live (i8), `rows` values a column.
 */
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { z } from "zod";
import { failureSchema } from "../contract/job.ts";
import { assumptionsSchema } from "../contract/job-result.ts";
import { StoreCorruptedError } from "../errors.ts";
import { CellColumns, FIGURE_COLUMNS } from "./cell-columns.ts";
import { CHUNK_CELLS_MAX } from "./chunk-plan.ts";

const compress = promisify(gzip);
const decompress = promisify(gunzip);
const GZIP_LEVEL = 1;
const FORMAT = 1;
const PART_MAX_BYTES = 64 * 1024 * 1024;

const texts = z.record(z.string(), z.string());
const headerSchema = z.object({
  format: z.literal(FORMAT),
  rows: z.number().int().min(1).max(CHUNK_CELLS_MAX),
  failures: z.array(failureSchema),
  notes: z.array(z.object({ warnings: texts, unavailable: texts, whyNotFaster: z.string() })),
  bases: z.array(
    z.object({
      symbol: z.number().int(),
      window: z.number().int(),
      firstBar: z.string(),
      lastBar: z.string(),
      assumptions: assumptionsSchema,
    }),
  ),
});

export async function encodePart(columns: CellColumns): Promise<Uint8Array> {
  const { rows, failures, notes, bases } = columns;
  const header = Buffer.from(JSON.stringify({ format: FORMAT, rows, failures, notes, bases }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const padding = Buffer.alloc(paddedLength(header.length) - header.length - 4);
  const { figures, failureOf, noteOf, live } = columns;
  const body = [figures, failureOf, noteOf, live].map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  return await compress(Buffer.concat([length, header, padding, ...body]), { level: GZIP_LEVEL });
}

/** Throws StoreCorruptedError where the stream is not one that encodePart wrote. */
export async function decodePart(stream: Uint8Array): Promise<CellColumns> {
  try {
    const whole = await decompress(stream, { maxOutputLength: PART_MAX_BYTES });
    const headerLength = whole.readUInt32LE(0);
    const header = headerSchema.parse(JSON.parse(whole.toString("utf8", 4, 4 + headerLength)));
    return readColumns(header, aligned(whole), paddedLength(headerLength));
  } catch (error) {
    throw new StoreCorruptedError("A part of a batch is not readable in the job store. Run the batch again", {
      cause: error,
    });
  }
}

function readColumns(
  header: z.infer<typeof headerSchema>,
  bytes: Uint8Array<ArrayBufferLike>,
  figuresAt: number,
): CellColumns {
  const { rows } = header;
  const columns = new CellColumns(rows);
  for (const failure of header.failures) columns.addFailure(failure);
  for (const notes of header.notes) columns.addNotes(notes);
  for (const basis of header.bases) columns.addBasis(basis);
  const failuresAt = figuresAt + rows * FIGURE_COLUMNS.length * 8;
  const { buffer, byteOffset: start } = bytes;
  columns.figures.set(new Float64Array(buffer, start + figuresAt, rows * FIGURE_COLUMNS.length));
  columns.failureOf.set(new Int32Array(buffer, start + failuresAt, rows));
  columns.noteOf.set(new Int32Array(buffer, start + failuresAt + rows * 4, rows));
  columns.live.set(new Int8Array(buffer, start + failuresAt + rows * 8, rows));
  return columns;
}

/** Typed arrays begin at multiples of their element's size: copied if need be. */
function aligned(bytes: Buffer): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
}

/** Bytes before the figures: length, header and what fills up to a multiple of 8. */
function paddedLength(headerLength: number): number {
  return Math.ceil((4 + headerLength) / 8) * 8;
}

/**
 * A series as bytes: six columns one after the other (timestamp as int64 epoch ms, open, high, low, close as float64,
 * volume as int64, all little-endian, 48 bytes a bar), gzip'ed.
 */
import { hash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { Bars } from "../series.ts";

const COLUMNS = ["timestampMs", "open", "high", "low", "close", "volume"] as const;
const VALUE_BYTES = 8;
export const BYTES_PER_BAR = COLUMNS.length * VALUE_BYTES;

export interface PackedColumns {
  stream: Uint8Array;
  /** Of the columns before compression, hex: equal bars have equal ones. */
  sha256: string;
}

export async function packColumns(bars: Bars): Promise<PackedColumns> {
  const columns = COLUMNS.map((name) => {
    const { buffer, byteOffset, byteLength } = bars[name];
    return new Uint8Array(buffer, byteOffset, byteLength);
  });
  const raw = Buffer.concat(columns);
  return { stream: await promisify(gzip)(raw), sha256: hash("sha256", raw, "hex") };
}

/** Throws an Error that says what is wrong where the stream does not hold `length` bars with this checksum. */
export async function unpackColumns(stream: Uint8Array, length: number, sha256: string): Promise<Bars> {
  const unpacked = await promisify(gunzip)(stream, { maxOutputLength: length * BYTES_PER_BAR + 1 });
  if (unpacked.byteLength !== length * BYTES_PER_BAR) {
    throw new Error(`${unpacked.byteLength} bytes of columns instead of ${length * BYTES_PER_BAR}`);
  }
  if (hash("sha256", unpacked, "hex") !== sha256) throw new Error("the checksum is not as written");
  // A copy, since a view over eight-byte values must begin at a multiple of eight.
  const { buffer } = new Uint8Array(unpacked);
  const at = (column: number): [ArrayBuffer, number, number] => [
    buffer,
    column * length * VALUE_BYTES,
    length,
  ];
  return {
    length,
    timestampMs: new BigInt64Array(...at(0)),
    open: new Float64Array(...at(1)),
    high: new Float64Array(...at(2)),
    low: new Float64Array(...at(3)),
    close: new Float64Array(...at(4)),
    volume: new BigInt64Array(...at(5)),
  };
}

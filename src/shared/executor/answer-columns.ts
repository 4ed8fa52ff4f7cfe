/** The columns of an answer as numbers, with every length checked. */

/** The executor's answer breaks the contract. The message is for the log. */
export class InvalidAnswer extends Error {
  override name = "InvalidAnswer";
}

/** `length` values of 8 bytes. */
export function readDoubles(bytes: Buffer, length: number, name: string): Float64Array {
  expectBytes(bytes, length * 8, name);
  const start = alignedStart(bytes, 8);
  return new Float64Array(start.buffer, start.byteOffset, length);
}

/** As many values of 4 bytes as there are. */
export function readInts(bytes: Buffer, name: string): Int32Array {
  if (bytes.length % 4 !== 0)
    throw new InvalidAnswer(`${name} has ${bytes.length} bytes, not a multiple of 4`);
  const start = alignedStart(bytes, 4);
  return new Int32Array(start.buffer, start.byteOffset, bytes.length / 4);
}

/** `length` values of 1 byte. */
export function readBytes(bytes: Buffer, length: number, name: string): Int8Array {
  expectBytes(bytes, length, name);
  return new Int8Array(bytes.buffer, bytes.byteOffset, length);
}

/** An array of what `read` makes of each value. */
export function mapColumn<Value>(column: Float64Array, read: (value: number) => Value): Value[] {
  // oxlint-disable-next-line unicorn/no-new-array -- 2,520 values take 8 us; grown by push 35, by Array.from 65
  const values = new Array<Value>(column.length);
  for (let index = 0; index < column.length; index++) values[index] = read(column[index] ?? Number.NaN);
  return values;
}

export function expectLength(values: readonly unknown[], length: number, name: string): void {
  if (values.length !== length)
    throw new InvalidAnswer(`${name} has ${values.length} entries, not ${length}`);
}

function expectBytes(bytes: Buffer, expected: number, name: string): void {
  if (bytes.length !== expected)
    throw new InvalidAnswer(`${name} has ${bytes.length} bytes, not ${expected}`);
}

/** A field begins anywhere in the answer's frame, typed arrays only at multiples of their element: copied if need be. */
function alignedStart(bytes: Buffer, elementBytes: number): Uint8Array {
  return bytes.byteOffset % elementBytes === 0 ? bytes : Uint8Array.prototype.slice.call(bytes);
}

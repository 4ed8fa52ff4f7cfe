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

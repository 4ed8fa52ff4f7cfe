import { randomFillSync } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const POOL_IDS = 128;
const pool = new Uint8Array(POOL_IDS * 16);
let next = pool.length;

/** A new id: 128 random bits in Crockford base32, 26 characters. It says nothing about order or time. */
export function newId(): string {
  if (next === pool.length) {
    randomFillSync(pool);
    next = 0;
  }
  const id = encodeId(pool.subarray(next, next + 16));
  pool.fill(0, next, next + 16);
  next += 16;
  return id;
}

/** 16 bytes as 26 characters of Crockford base32, most significant bit first (two zero bits lead). */
export function encodeId(bytes: Uint8Array): string {
  if (bytes.length !== 16) throw new RangeError(`An id has 16 bytes, not ${bytes.length}`);
  let text = "";
  let held = 0;
  let bits = 2;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((held >>> bits) & 31);
    }
    held &= 31;
  }
  return text;
}

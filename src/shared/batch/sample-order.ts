/** Drawing without a list: a permutation whose places are computed one by one. */

const ROUNDS = 6;

/**
 * A permutation of 0 .. size - 1 chosen by `seed`: place -> number, so that the first n places are a random sample
 * of n without repeats. A Feistel network over a square of at least `size`, walked until it lands inside (Black and
 * Rogaway, "Ciphers with Arbitrary Finite Domains", 2002). `size` is at most 2^48.
 */
export function createSampleOrder(size: number, seed: number): (place: number) => number {
  const half = 2 ** Math.max(1, Math.ceil(Math.log2(size) / 2));
  const shuffle = (value: number): number => {
    let left = Math.floor(value / half);
    let right = value % half;
    for (let round = 0; round < ROUNDS; round += 1) {
      const next = (left + mix(right, seed, round)) % half;
      left = right;
      right = next;
    }
    return left * half + right;
  };
  return (place) => {
    let value = shuffle(place);
    while (value >= size) value = shuffle(value);
    return value;
  };
}

/** 32 bits that depend on every bit of the input: the finalizer of MurmurHash3. */
function mix(value: number, seed: number, round: number): number {
  let bits = Math.imul(value ^ seed, 0x9e3779b1) ^ Math.imul(seed + round + 1, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

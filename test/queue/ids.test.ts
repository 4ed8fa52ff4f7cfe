import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JOB_ID_PATTERN } from "../../src/shared/contract/values.ts";
import { encodeId, newId } from "../../src/shared/ids.ts";

describe("job ids", () => {
  it("have 26 characters, never repeat and are never all digits", () => {
    const ids = Array.from({ length: 50_000 }, newId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => JOB_ID_PATTERN.test(id))).toBe(true);
  });

  it("hold all 128 bits, most significant first", () => {
    const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const value = Array.from(encodeId(bytes)).reduce(
          (sum, digit) => sum * 32n + BigInt(alphabet.indexOf(digit)),
          0n,
        );
        expect(value).toBe(BigInt(`0x${Buffer.from(bytes).toString("hex")}`));
      }),
    );
  });
});

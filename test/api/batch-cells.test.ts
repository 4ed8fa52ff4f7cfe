import { expect, test } from "vitest";
import { startRoom } from "./support/room.ts";

test("an owner has no more cells under way than may be: the batch that would gets 429, and a smaller one not", async () => {
  const room = await startRoom({ environment: { OWNER_CELLS_MAX: "10" } });
  const submit = (count: number, headers: Record<string, string> = {}) =>
    room.ask("/v1/batches", {
      headers,
      body: {
        strategy: { code: "def strategy(data):\n    return 'HOLD'\n" },
        symbols: ["AAPL"],
        parameters: { a: { from: 1, to: count, step: 1 } },
      },
    });
  try {
    const key = { "Idempotency-Key": "seven" };
    const taken = await submit(7, key);
    expect(taken.status).toBe(202);
    const refused = await submit(4);
    expect([refused.status, refused.problem().code]).toEqual([429, "own_backlog_full"]);
    expect(refused.problem().detail).toBe(
      "7 cells of your batches have not ended, these are 4 more, and 10 may be: wait, or send fewer.",
    );
    const replayed = await submit(7, key);
    expect([replayed.status, replayed.text]).toEqual([202, taken.text]);
    expect((await submit(4, { "Idempotency-Key": "four" })).status).toBe(429);
    expect((await submit(3)).status).toBe(202);
  } finally {
    await room.stop();
  }
});

import { expect, it, vi } from "vitest";
import { ownPort } from "./own-port.ts";

const AT_ONCE = 20;

it("whoever asks at once gets different ports, and another process none of them", async () => {
  const ours = await Promise.all(Array.from({ length: AT_ONCE }, () => ownPort()));
  vi.resetModules(); // what another process loads
  const theirs = await import("./own-port.ts");
  const others = await Promise.all(Array.from({ length: AT_ONCE }, () => theirs.ownPort()));
  expect(new Set([...ours, ...others]).size).toBe(2 * AT_ONCE);
});

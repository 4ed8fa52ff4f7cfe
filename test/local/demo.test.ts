import { expect, test } from "vitest";
import { isAlive } from "../support/processes.ts";
import { runCommand } from "./command.ts";

const SYMBOLS = ["AAPL", "FB", "GOOG", "IBM", "IXIC", "MSFT", "SPX"];

test("the demo shows every symbol under both strategies both failures and a sweep, ends with 0 and leaves nothing", async () => {
  const demo = await runCommand("src/local/demo/main.ts", []);
  const tree = demo.tree();
  const { code } = await demo.ending();
  const output = demo.output();
  expect(code, output).toBe(0);
  for (const symbol of SYMBOLS)
    expect(output.match(new RegExp(`^  ${symbol} .* ms .* ms$`, "gm"))).toHaveLength(2);
  expect(output).toContain("did you mean 'close'?");
  expect(output).toMatch(/class limit, code timeout/);
  expect(output).toMatch(/The best of 400 trials has a Sharpe ratio of .*400 backtests, all done after/s);
  expect(output.trimEnd().split("\n").at(-1)).toMatch(/^Next: npm start/);
  expect(tree.filter(isAlive)).toEqual([]);
});

test("a demo that cannot do its work says why and does not end with 0", async () => {
  const demo = await runCommand("src/local/demo/main.ts", [], { MARKET_DATA_DIR: "/nowhere" });
  expect((await demo.ending()).code).toBe(1);
  expect(demo.output()).toMatch(/nowhere|unknown_symbol|market data/i);
});

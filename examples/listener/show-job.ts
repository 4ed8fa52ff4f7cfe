/** The right half of the page: the job as it changes. */
import type { Job, Metrics } from "../../src/sdk/index.ts";
import { element, make } from "./page.ts";

const status = element("#status", HTMLElement);
const states = element("#states", HTMLElement);
const failure = element("#failure", HTMLElement);
const metrics = element("#metrics", HTMLElement);
const equity = element("#equity", HTMLElement);

const WORDS: Readonly<Record<Job["status"], string>> = {
  queued: "Waiting for a worker",
  running: "Running",
  succeeded: "Done",
  failed: "The strategy failed",
  cancelled: "Cancelled",
};

export function clearJob(): void {
  showStatus("none", "Submitting");
  states.replaceChildren();
  metrics.replaceChildren();
  failure.hidden = true;
  equity.hidden = true;
}

export function showStatus(state: string, text: string): void {
  status.dataset["status"] = state;
  status.textContent = text;
}

/** `sinceMs` from the click to this state. */
export function showJob(job: Job, sinceMs: number): void {
  const platform = job.failure?.class === "platform";
  showStatus(job.status, platform ? "Something failed on our side" : WORDS[job.status]);
  const attributes = { "data-version": String(job.version), "data-status": job.status };
  states.append(make("li", `${job.status} after ${Math.round(sinceMs)} ms`, attributes));
  if (job.failure !== undefined) showFailure(job.failure);
  if (job.summary?.metrics !== undefined) showMetrics(job.summary.metrics);
}

function showFailure({ type, message, line, sourceLine, hint }: NonNullable<Job["failure"]>): void {
  const what = type === undefined ? message : `${type}: ${message}`;
  failure.replaceChildren(make("p", line === undefined ? what : `${what} (line ${line})`));
  if (sourceLine !== undefined) failure.append(make("pre", sourceLine));
  if (hint !== undefined) failure.append(make("p", hint));
  failure.hidden = false;
}

const money = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const percent = (value: number | null): string => (value === null ? "–" : `${value.toFixed(1)} %`);
const ratio = (value: number | null): string => (value === null ? "–" : value.toFixed(2));

function showMetrics(of: Metrics): void {
  const rows = [
    ["Return", percent(of.totalReturnPct)],
    ["Buy and hold", percent(of.buyAndHoldPct)],
    ["Final equity", money.format(of.finalEquity)],
    ["Max drawdown", percent(of.maxDrawdownPct)],
    ["Sharpe", ratio(of.sharpe)],
    ["Sortino", ratio(of.sortino)],
    ["Trades", String(of.totalTrades)],
    ["Won", percent(of.winRatePct)],
  ] as const;
  metrics.replaceChildren(
    ...rows.map(([name, value]) => {
      const pair = make("div", "");
      pair.append(make("dt", name), make("dd", value));
      return pair;
    }),
  );
}

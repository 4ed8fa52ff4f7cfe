/** Submits what the form holds and shows the job as it changes, up to its metrics and equity curve. */
import { ApiError, type JobRequest, type WatchOptions } from "../../src/sdk/index.ts";
import { connect, type PageSettings } from "./connect.ts";
import { drawEquity } from "./equity-chart.ts";
import { EXAMPLES } from "./examples.ts";
import { element, fillSelect } from "./page.ts";
import { clearJob, showJob, showStatus } from "./show-job.ts";

declare const PAGE_SETTINGS: PageSettings;

const form = element("#submission", HTMLFormElement);
const code = element("#code", HTMLTextAreaElement);
const problem = element("#problem", HTMLElement);
const cancel = element("#cancel", HTMLButtonElement);
const example = element("select[name=example]", HTMLSelectElement);
const symbol = element("input[name=symbol]", HTMLInputElement);
const period = element("select[name=period]", HTMLSelectElement);
const via = element("select[name=via]", HTMLSelectElement);
const equity = element("#equity", HTMLElement);

const user = new URLSearchParams(location.search).get("user") ?? "local";
const { client, hasFirestore, description } = connect(PAGE_SETTINGS, user);

/** The run that the page shows; a new one takes its place. */
let current: AbortController | undefined;

function prepare(): void {
  element("#connection", HTMLElement).textContent = description;
  fillSelect(
    example,
    EXAMPLES.map(({ name }, index) => [String(index), name]),
  );
  const ways = [
    ["events", "events"],
    ["polling", "polling"],
  ] as const;
  fillSelect(via, hasFirestore ? [["firestore", "Firestore"], ...ways] : ways);
  const showExample = (): void => {
    code.value = EXAMPLES[Number(example.value)]?.code ?? "";
  };
  showExample();
  example.addEventListener("change", showExample);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void run();
  });
}

function readRequest(): JobRequest {
  return {
    strategy: { code: code.value },
    symbol: symbol.value.trim(),
    period: period.value as NonNullable<JobRequest["period"]>,
    limits: { timeoutSeconds: 5 },
  };
}

async function run(): Promise<void> {
  current?.abort();
  const controller = new AbortController();
  const { signal } = controller;
  current = controller;
  clearJob();
  problem.textContent = "";
  const startedAt = performance.now();
  try {
    const { id } = await client.submitJob(readRequest(), { signal });
    const endCancel = offerCancel(id);
    const way = via.value as NonNullable<WatchOptions["via"]>;
    try {
      for await (const job of client.watchJob(id, { via: way, signal })) {
        showJob(job, performance.now() - startedAt);
        if (job.status === "succeeded") drawEquity(equity, await client.getResult(id, { signal }));
      }
    } finally {
      endCancel();
    }
  } catch (error) {
    if (!signal.aborted) showProblem(error);
  }
}

function offerCancel(id: string): () => void {
  const stop = (): void => {
    cancel.disabled = true;
    client.cancelJob(id).catch(showProblem);
  };
  cancel.disabled = false;
  cancel.addEventListener("click", stop, { once: true });
  return () => {
    cancel.disabled = true;
    cancel.removeEventListener("click", stop);
  };
}

/** A request that was refused, or a service that is away; a strategy that fails is a job like any other. */
function showProblem(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  const id = error instanceof ApiError ? ` (request ${error.requestId})` : "";
  problem.textContent = reason + id;
  showStatus("failed", error instanceof ApiError ? "Refused" : "No answer");
}

prepare();

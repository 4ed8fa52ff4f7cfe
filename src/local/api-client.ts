/** The HTTP API as a program uses it: what the demo does, and what end-to-end tests do. */
import { EventSourceParserStream } from "eventsource-parser/stream";
import { z } from "zod";
import { type ExecuteCodeResponse, executeCodeResponseSchema } from "../shared/contract/execute-code.ts";
import { isTerminal, type Job, jobAcceptedSchema, jobSchema } from "../shared/contract/job.ts";
import type { jobRequestSchema } from "../shared/contract/job-request.ts";
import { type JobResult, jobResultSchema } from "../shared/contract/job-result.ts";
import { problemSchema } from "../shared/contract/problem.ts";
import { type AvailableSymbol, symbolListSchema } from "../shared/contract/symbols.ts";

const ANSWER_MS = 60_000;

/** A request of `POST /jobs` as it is written, before defaults. */
export type NewJob = z.input<typeof jobRequestSchema>;

/** The API refused: problem details in words. */
export class RefusedError extends Error {
  override name = "RefusedError";
  readonly status: number;
  readonly code: string | undefined;

  constructor(status: number, body: string) {
    const problem = readProblem(body);
    super(
      problem === undefined
        ? `HTTP ${status}: ${body.slice(0, 500)}`
        : `HTTP ${status} ${problem.code}: ${problem.detail}`,
    );
    this.status = status;
    this.code = problem?.code;
  }
}

export class ApiClient {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  /** `url` without a path; `headers` go with every request. */
  constructor(url: string, headers: Record<string, string> = {}) {
    this.#url = url;
    this.#headers = headers;
  }

  /** The new job's id. Rejects with RefusedError, as all of these do. */
  async submitJob(job: NewJob, headers: Record<string, string> = {}): Promise<string> {
    return (await this.#send("POST", "/v1/jobs", jobAcceptedSchema, job, headers)).id;
  }

  readJob(id: string): Promise<Job> {
    return this.#send("GET", `/v1/jobs/${id}`, jobSchema);
  }

  readResult(id: string): Promise<JobResult> {
    return this.#send("GET", `/v1/jobs/${id}/result`, jobResultSchema);
  }

  async cancelJob(id: string): Promise<void> {
    await this.#send("POST", `/v1/jobs/${id}/cancel`, z.unknown());
  }

  async listSymbols(): Promise<AvailableSymbol[]> {
    return (await this.#send("GET", "/v1/symbols", symbolListSchema)).items;
  }

  executeCode(request: object): Promise<ExecuteCodeResponse> {
    return this.#send("POST", "/v1/strategies/execute-code", executeCodeResponseSchema, request);
  }

  /**
   * Snapshots as the stream of events brings them, newer than `afterVersion`; ends after the terminal one,
   * at once if that is not newer.
   */
  async *watchJob(id: string, afterVersion?: number, signal?: AbortSignal): AsyncGenerator<Job> {
    const resume: Record<string, string> =
      afterVersion === undefined ? {} : { "Last-Event-ID": String(afterVersion) };
    const answer = await fetch(`${this.#url}/v1/jobs/${id}/events`, {
      headers: { ...this.#headers, ...resume, Accept: "text/event-stream" },
      signal: signal ?? AbortSignal.timeout(ANSWER_MS),
    });
    if (answer.status === 204) return;
    if (!answer.ok || answer.body === null) throw new RefusedError(answer.status, await answer.text());
    const events = answer.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    for await (const event of events) {
      const job = jobSchema.parse(JSON.parse(event.data));
      yield job;
      if (isTerminal(job.status)) return;
    }
  }

  /** The job once it has ended. Rejects if the stream ends before, or after `ANSWER_MS`. */
  async waitForEnd(id: string): Promise<Job> {
    for await (const job of this.watchJob(id)) if (isTerminal(job.status)) return job;
    throw new Error(`The events of job ${id} stopped before it ended`);
  }

  async #send<Answer>(
    method: string,
    path: string,
    schema: z.ZodType<Answer>,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const json: Record<string, string> = body === undefined ? {} : { "Content-Type": "application/json" };
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      headers: { ...this.#headers, ...json, ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await answer.text();
    if (!answer.ok) throw new RefusedError(answer.status, text);
    return schema.parse(JSON.parse(text));
  }
}

function readProblem(body: string): z.infer<typeof problemSchema> | undefined {
  try {
    return problemSchema.safeParse(JSON.parse(body)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

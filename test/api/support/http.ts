/** Plain HTTP requests, with every header as the test gives it (fetch decides some by itself). */
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { type Problem, problemSchema } from "../../../src/shared/contract/problem.ts";

export interface Sent {
  method?: string;
  headers?: Record<string, string>;
  /** Objects are sent as JSON with its media type. */
  body?: unknown;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  text: string;
  json(): unknown;
  /** The body as problem details; throws if it is none. */
  problem(): Problem;
}

/** The whole answer. */
export async function send(url: string, sent: Sent = {}): Promise<Answer> {
  const response = await open(url, sent);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString();
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    bytes,
    text,
    json: () => JSON.parse(text),
    problem() {
      if (response.headers["content-type"] !== "application/problem+json")
        throw new Error(`No problem: ${text}`);
      return problemSchema.parse(JSON.parse(text));
    },
  };
}

/** The answer as it begins; its body is the caller's to read or to destroy. */
export function open(url: string, { method, headers = {}, body }: Sent = {}): Promise<IncomingMessage> {
  const raw = body === undefined || typeof body === "string" || Buffer.isBuffer(body);
  const payload = raw ? body : JSON.stringify(body);
  const type = payload === undefined ? {} : { "Content-Type": "application/json" };
  const length = payload === undefined ? {} : { "Content-Length": String(Buffer.byteLength(payload)) };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: method ?? (payload === undefined ? "GET" : "POST"),
        headers: { ...type, ...length, ...headers },
        agent: false,
      },
      resolve,
    );
    outgoing.once("error", reject);
    outgoing.end(payload);
  });
}

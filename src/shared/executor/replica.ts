/**
 * One executor replica behind one connection.
 *
 * connecting  no connection yet, or lost: tried again after 0.1 to 1 s, for as long as it takes
 * usable      connected and answering
 * silent      connected, but a call met its deadline: given nothing more until GetHealth answers
 */

import { isIP } from "node:net";
import { type ChannelCredentials, Client, connectivityState, type Metadata, status } from "@grpc/grpc-js";
import { isServiceError } from "./call-error.ts";
import { channelOptions } from "./channel-options.ts";
import type { CallMethod } from "./service-methods.ts";
import { addressKey, type ReplicaAddress, replicaName } from "./target-address.ts";

/** grpc-js has no limit of its own for a connection that is accepted and then silent. */
const CONNECT_PATIENCE_MS = 5_000;
const PROBE_PAUSE_MS = 1_000;

export interface CallOptions {
  metadata: Metadata;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

export interface ReplicaOptions {
  address: ReplicaAddress;
  credentials: ChannelCredentials;
  /** Asks for health; used while the replica is silent. */
  probe: (replica: Replica) => Promise<unknown>;
  /** Called when the replica has become usable. */
  onUsable: () => void;
}

export class Replica {
  readonly name: string;
  /** Executions that it runs at once, as last heard. */
  slots = 1;
  /** Calls of ours under way, as the pool counts them. */
  inFlight = 0;
  readonly #options: ReplicaOptions;
  #client: Client;
  #silent = false;
  #closed = false;
  #patience: NodeJS.Timeout | undefined;

  constructor(options: ReplicaOptions) {
    this.#options = options;
    this.name = replicaName(options.address);
    this.#client = this.#newClient();
    this.#watch();
  }

  get usable(): boolean {
    return !this.#silent && this.#client.getChannel().getConnectivityState(false) === connectivityState.READY;
  }

  /** How full our calls would make it with one more; 1 when every slot has one. */
  get loadWithOneMore(): number {
    return (this.inFlight + 1) / Math.max(this.slots, 1);
  }

  /** Rejects with a ServiceError; `signal` cancels the call on the executor's side too. */
  async call<Request, Response>(
    method: CallMethod<Request, Response>,
    request: Request,
    options: CallOptions,
  ): Promise<Response> {
    try {
      return await callOnce(this.#client, method, request, options);
    } catch (error) {
      if (isServiceError(error) && error.code === status.DEADLINE_EXCEEDED) this.#mistrust();
      throw error;
    }
  }

  /** Each message of the server's stream in turn, the next one read when `take` has returned. Rejects like call. */
  async stream<Request, Response>(
    method: CallMethod<Request, Response>,
    request: Request,
    options: CallOptions,
    take: (message: Response) => void,
  ): Promise<void> {
    try {
      await readStream(this.#client, method, request, options, take);
    } catch (error) {
      if (isServiceError(error) && error.code === status.DEADLINE_EXCEEDED) this.#mistrust();
      throw error;
    }
  }

  /** Calls under way run to their end. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#patience);
    this.#client.close();
  }

  #newClient(): Client {
    const { address, credentials } = this.#options;
    const scheme = isIP(address.ip) === 6 ? "ipv6" : "ipv4";
    return new Client(`${scheme}:${addressKey(address)}`, credentials, channelOptions(address.target));
  }

  /** Follows the connection's state, and connects again whenever it is lost. */
  #watch(): void {
    if (this.#closed) return;
    const client = this.#client;
    const channel = client.getChannel();
    channel.getConnectivityState(true);
    const state = channel.getConnectivityState(false);
    clearTimeout(this.#patience);
    if (state === connectivityState.CONNECTING) {
      this.#patience = setTimeout(() => this.#startOver(), CONNECT_PATIENCE_MS).unref();
    }
    if (state === connectivityState.READY && !this.#silent) this.#options.onUsable();
    channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, () => {
      if (client === this.#client) this.#watch();
    });
  }

  #startOver(): void {
    const stuck = this.#client;
    this.#client = this.#newClient();
    stuck.close();
    this.#watch();
  }

  #mistrust(): void {
    if (this.#silent || this.#closed) return;
    this.#silent = true;
    this.#probe();
  }

  #probe(): void {
    if (this.#closed) return;
    this.#options.probe(this).then(
      () => {
        this.#silent = false;
        if (this.usable) this.#options.onUsable();
      },
      () => setTimeout(() => this.#probe(), PROBE_PAUSE_MS).unref(),
    );
  }
}

function callOnce<Request, Response>(
  client: Client,
  { path, requestSerialize, responseDeserialize }: CallMethod<Request, Response>,
  request: Request,
  { metadata, timeoutMs, signal }: CallOptions,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + timeoutMs;
    const call = client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      { deadline },
      (error, response) => {
        signal?.removeEventListener("abort", cancel);
        if (response === undefined) reject(error ?? new Error("The call ended without an answer"));
        else resolve(response);
      },
    );
    // grpc-js ignores an AbortSignal among its options.
    const cancel = (): void => call.cancel();
    if (signal?.aborted) cancel();
    else signal?.addEventListener("abort", cancel, { once: true });
  });
}

async function readStream<Request, Response>(
  client: Client,
  { path, requestSerialize, responseDeserialize }: CallMethod<Request, Response>,
  request: Request,
  { metadata, timeoutMs, signal }: CallOptions,
  take: (message: Response) => void,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  const call = client.makeServerStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    request,
    metadata,
    { deadline },
  );
  const cancel = (): void => call.cancel();
  if (signal?.aborted) cancel();
  else signal?.addEventListener("abort", cancel, { once: true });
  try {
    const messages: AsyncIterable<Response> = call;
    // Ends early, and with that cancels the call, where `take` throws.
    for await (const message of messages) take(message);
  } finally {
    signal?.removeEventListener("abort", cancel);
    call.cancel();
  }
}

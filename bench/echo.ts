/** The peer of the executor's round trip: an empty gRPC echo with messages of the same size. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Client, credentials } from "@grpc/grpc-js";

const METHOD = "/bench.Echo/Echo";

export interface Echo {
  /** Milliseconds of one round trip. */
  call(requestBytes: number, responseBytes: number): Promise<number>;
  stop(): void;
}

export async function startEcho(): Promise<Echo> {
  const child = spawn(".venv/bin/python", ["bench/echo_server.py"], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const client = new Client(`127.0.0.1:${line}`, credentials.createInsecure(), {
    "grpc.max_receive_message_length": 50 * 1024 * 1024,
  });
  const plain = (bytes: Buffer): Buffer => bytes;
  return {
    call: (requestBytes, responseBytes) =>
      new Promise((resolve, reject) => {
        const request = Buffer.alloc(Math.max(8, requestBytes));
        request.writeBigUInt64LE(BigInt(responseBytes));
        const start = performance.now();
        const options = { deadline: Date.now() + 10_000 };
        client.makeUnaryRequest(METHOD, plain, plain, request, options, (error) =>
          error === null ? resolve(performance.now() - start) : reject(error),
        );
      }),
    stop: () => {
      client.close();
      child.kill("SIGKILL");
    },
  };
}

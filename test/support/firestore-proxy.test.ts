import {
  ChannelCredentials,
  Client,
  Metadata,
  Server,
  ServerCredentials,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { expect, it, vi } from "vitest";
import { startFirestoreProxy } from "./firestore-proxy.ts";

const COMMIT = "/google.firestore.v1.Firestore/Commit";
const asIs = (bytes: Buffer): Buffer => bytes;

it("a commit is seen although its caller was gone before the answer", async () => {
  const emulator = new Server();
  const callers = Promise.withResolvers<() => void>();
  emulator.register(
    COMMIT,
    (_: unknown, answer: sendUnaryData<Buffer>) => callers.resolve(() => answer(null, asked)),
    asIs,
    asIs,
    "unary",
  );
  const asked = Buffer.from("a write");
  const bind = Promise.withResolvers<number>();
  emulator.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_, port) => bind.resolve(port));
  const proxy = await startFirestoreProxy(`127.0.0.1:${await bind.promise}`);
  const client = new Client(proxy.host, ChannelCredentials.createInsecure());
  try {
    const seen = vi.fn();
    proxy.onAnswered(seen);
    const called = Promise.withResolvers<Error | null>();
    const call = client.makeUnaryRequest(COMMIT, asIs, asIs, asked, new Metadata(), (error) =>
      called.resolve(error),
    );
    const answerIt = await callers.promise;
    call.cancel();
    expect(await called.promise).toMatchObject({ message: expect.stringContaining("CANCELLED") });
    // The proxy has heard of the cancelling once it has answered what came after it.
    await new Promise((resolve) => client.makeUnaryRequest("/none/None", asIs, asIs, asked, resolve));
    answerIt();
    await vi.waitFor(() => expect(seen).toHaveBeenCalledWith({ method: "Commit", request: asked }));
  } finally {
    client.close();
    proxy.close();
    emulator.forceShutdown();
  }
});

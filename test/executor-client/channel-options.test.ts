import { expect, test } from "vitest";
import { channelOptions } from "../../src/shared/executor/channel-options.ts";
import {
  addressKey,
  parseTarget,
  replicaName,
  resolveTarget,
} from "../../src/shared/executor/target-address.ts";

test("a connection is kept alive every 30 s, takes 50 MB, retries nothing and reconnects within a second", () => {
  expect(channelOptions(parseTarget("executor:50051"))).toMatchObject({
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 10_000,
    "grpc.max_send_message_length": 52_428_800,
    "grpc.max_receive_message_length": 52_428_800,
    "grpc.enable_retries": 0,
    "grpc.max_reconnect_backoff_ms": 1_000,
    "grpc.default_authority": "executor:50051",
    "grpc.ssl_target_name_override": "executor",
  });
});

test.each([
  ["executor:50051", "executor", 50_051, true],
  ["10.0.0.7:443", "10.0.0.7", 443, false],
  ["[::1]:50051", "::1", 50_051, false],
])("the target %s is read as host and port", (text, host, port, isName) => {
  expect(parseTarget(text)).toEqual({ text, host, port, isName });
});

test("an IPv6 replica is addressed in brackets", async () => {
  const [address] = await resolveTarget(parseTarget("[::1]:50051"));
  if (address === undefined) throw new Error("no address");
  expect(addressKey(address)).toBe("[::1]:50051");
  expect(replicaName(address)).toBe("[::1]:50051");
});

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { networkOf } from "../../src/api/rate-limits.ts";
import { type RunningApi, startApi } from "../../src/api/start-api.ts";
import { createApiKey } from "../../src/shared/api-keys/change-keys.ts";
import { readApiConfig } from "../../src/shared/config.ts";
import { createLogger } from "../../src/shared/logging.ts";
import { temporaryDirectory } from "../support/part.ts";
import { send } from "./support/http.ts";
import { type Room, startRoom, until } from "./support/room.ts";

const directory = temporaryDirectory();
const file = join(directory.path, "api-keys.json");
const LIMITS = { RATE_LIMIT_REQUESTS: "12", RATE_LIMIT_ADDRESS_REQUESTS: "5", RATE_LIMIT_SECONDS: "3600" };

describe("requests beyond the limit", () => {
  let room: Room;
  let second: RunningApi;
  const keys: Record<string, string> = {};
  beforeAll(async () => {
    for (const owner of ["anna", "bert", "carl"]) keys[owner] = (await createApiKey(file, { owner })).key;
    const environment = { ...LIMITS, AUTH: "api-keys", API_KEYS_FILE: file, TRUSTED_PROXIES: "1" };
    room = await startRoom({ environment });
    second = await startApi(readApiConfig(room.environment), createLogger("test", "silent"));
    await until("Redis is connected", async () =>
      (await send(`${second.url}/readyz`)).text.includes('"queue":true'),
    );
  });
  afterAll(async () => {
    await second.stop();
    await room.stop();
    directory.remove();
  });

  const list = (url: string, owner: string) =>
    send(`${url}/v1/jobs`, { headers: { "X-API-Key": keys[owner] ?? "" } });

  test("of an owner get 429 from every replica, exactly from the limit on, and nobody else's do", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => list(index % 2 === 0 ? room.url : second.url, "anna")),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(12);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(8);
    expect(refused[0]?.problem().code).toBe("rate_limited");
    expect(Number(refused[0]?.headers["retry-after"])).toBeGreaterThan(3_500);
    const other = await list(room.url, "bert");
    expect(other.status).toBe(200);
    expect(other.headers["ratelimit-policy"]).toBe('"owner";q=12;w=3600');
    expect(other.headers["ratelimit"]).toMatch(/^"owner";r=11;t=3(600|599)$/);
  });

  test("of an address without sign-in get 429 in place of 401, and another address does not", async () => {
    const unknown = (from: string) =>
      room.ask("/v1/jobs", { headers: { "X-API-Key": "stz_wrong", "X-Forwarded-For": from } });
    const statuses: number[] = [];
    for (let index = 0; index < 7; index += 1) statuses.push((await unknown("192.0.2.7")).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect((await unknown("192.0.2.8")).status).toBe(401);
    const signedIn = { "X-API-Key": keys["bert"] ?? "", "X-Forwarded-For": "192.0.2.7" };
    expect((await room.ask("/v1/jobs", { headers: signedIn })).status).toBe(200);
    expect((await room.ask("/v1/docs", { headers: { "X-Forwarded-For": "192.0.2.7" } })).status).toBe(429);
  });

  test("never stop the questions of those who watch the service", async () => {
    for (let index = 0; index < 8; index += 1) {
      expect((await room.ask("/healthz", { headers: { "X-Forwarded-For": "192.0.2.9" } })).status).toBe(200);
    }
  });

  test("are counted by each process while Redis is down", async () => {
    await room.valkey?.kill();
    const statuses = [];
    for (let index = 0; index < 14; index += 1) statuses.push((await list(room.url, "carl")).status);
    expect(statuses).toEqual([...Array.from({ length: 12 }, () => 200), 429, 429]);
  });
});

test("there is no limit on loopback without sign-in, unless one is set", async () => {
  const defaults = readApiConfig({});
  expect([defaults.RATE_LIMIT_REQUESTS, defaults.RATE_LIMIT_ADDRESS_REQUESTS]).toEqual([0, 0]);
  const signedIn = readApiConfig({ AUTH: "api-keys" });
  expect([signedIn.RATE_LIMIT_REQUESTS, signedIn.RATE_LIMIT_ADDRESS_REQUESTS]).toEqual([6_000, 600]);
  expect(readApiConfig({ RATE_LIMIT_REQUESTS: "3" }).RATE_LIMIT_REQUESTS).toBe(3);
});

test("an address is an IPv4 address or the network of an IPv6 address", () => {
  expect(networkOf("192.0.2.7")).toBe("192.0.2.7");
  expect(networkOf("::ffff:192.0.2.7")).toBe("192.0.2.7");
  expect(networkOf("2001:db8:1:2:3:4:5:6")).toBe(networkOf("2001:db8:1:2::1"));
  expect(networkOf("2001:db8:1:2::1")).not.toBe(networkOf("2001:db8:1:3::1"));
  expect(networkOf("::1")).toBe("0:0:0:0::/64");
  expect(networkOf("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Room, startRoom } from "./support/room.ts";

let room: Room;
beforeAll(async () => {
  room = await startRoom({ withoutRedis: true, environment: { CORS_ORIGINS: "https://app.example.com" } });
});
afterAll(() => room.stop());

describe("without authentication", () => {
  test.each(["localhost", "localhost:8080", "127.0.0.1:1", "127.9.9.9", "[::1]:8080", "LOCALHOST"])(
    "a request to the Host %s is answered",
    async (host) => {
      expect((await room.ask("/v1/jobs", { headers: { Host: host } })).status).toBe(200);
    },
  );

  test.each([
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example:80",
    "10.0.0.1",
    "localhost@evil",
  ])("a request to the Host %j is refused, as after DNS rebinding", async (host) => {
    const answer = await room.ask("/v1/jobs", { headers: { Host: host } });
    expect([answer.status, answer.problem().code]).toEqual([403, "forbidden"]);
  });

  test.each(["http://evil.example", "http://localhost.evil.example", "null", "nonsense"])(
    "a request of a page of %s is refused",
    async (origin) => {
      for (const path of ["/v1/jobs", "/healthz", "/v1/docs"]) {
        const answer = await room.ask(path, { headers: { Origin: origin } });
        expect([answer.status, answer.problem().code]).toEqual([403, "forbidden"]);
      }
    },
  );

  test.each(["http://localhost:3000", "http://127.0.0.1:8080", "https://app.example.com"])(
    "a request of a page of %s is answered",
    async (origin) => {
      expect((await room.ask("/v1/jobs", { headers: { Origin: origin } })).status).toBe(200);
    },
  );
});

describe("CORS", () => {
  test("the configured origin may read answers and their headers", async () => {
    const answer = await room.ask("/v1/jobs", { headers: { Origin: "https://app.example.com" } });
    expect(answer.headers["access-control-allow-origin"]).toBe("https://app.example.com");
    expect(answer.headers["access-control-expose-headers"]).toContain("ETag");
    expect(answer.headers.vary).toContain("Origin");
  });

  test("its preflight is answered, others' are not", async () => {
    const headers = { "Access-Control-Request-Method": "POST" };
    const preflight = await room.ask("/v1/jobs", {
      method: "OPTIONS",
      headers: { ...headers, Origin: "https://app.example.com" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers["access-control-allow-headers"]).toContain("Idempotency-Key");
    const other = await room.ask("/v1/jobs", {
      method: "OPTIONS",
      headers: { ...headers, Origin: "http://localhost:1" },
    });
    expect(other.headers["access-control-allow-origin"]).toBeUndefined();
  });

  test("no origin is allowed unless configured", async () => {
    const plain = await startRoom({ withoutRedis: true });
    try {
      const answer = await plain.ask("/v1/jobs", { headers: { Origin: "http://localhost:3000" } });
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
      const foreign = await plain.ask("/v1/jobs", { headers: { Origin: "https://app.example.com" } });
      expect(foreign.status).toBe(403);
    } finally {
      await plain.stop();
    }
  });
});

test("answers cannot be framed, sniffed or cached by others", async () => {
  const { headers } = await room.ask("/v1/symbols");
  expect(headers).toMatchObject({
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
  });
  expect(headers["x-powered-by"]).toBeUndefined();
});

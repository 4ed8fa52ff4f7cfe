/** ID tokens with real signatures: the keys are the test's own, and their address stands for Google's. */
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEvents } from "./support/events.ts";
import {
  claimsOf,
  type FakeGoogleKeys,
  nowSeconds,
  PROJECT,
  startFakeGoogleKeys,
} from "./support/fake-google-keys.ts";
import type { Answer } from "./support/http.ts";
import { type Room, SMALL_JOB, startRoom } from "./support/room.ts";

let google: FakeGoogleKeys;
let room: Room;
beforeAll(async () => {
  google = await startFakeGoogleKeys();
  room = await startRoom({
    withoutRedis: true,
    environment: {
      AUTH: "api-keys,firebase",
      FIREBASE_PROJECT: PROJECT,
      FIREBASE_KEYS_URL: google.url,
      AUTH_CLOCK_SKEW_SECONDS: "5",
    },
  });
});
afterAll(async () => {
  await room.stop();
  await google.close();
});

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const ask = (token: string): Promise<Answer> => room.ask("/v1/jobs", { headers: bearer(token) });

/** Status, code and the reason of the challenge. */
function refusal(answer: Answer): [number, string, string] {
  const challenge = String(answer.headers["www-authenticate"]);
  expect(challenge).toMatch(/^Bearer realm="strategiz", error="invalid_token", error_description="[^"]+"$/);
  return [answer.status, answer.problem().code, challenge.split('error_description="')[1] ?? ""];
}

test("a signed-in user is the owner of their jobs, and sees no other's", async () => {
  const alice = bearer(await google.sign("alice"));
  const id = await room.submit(SMALL_JOB, alice);
  expect((await room.store.read(id))?.job.owner).toBe("alice");
  expect((await room.ask(`/v1/jobs/${id}`, { headers: alice })).status).toBe(200);
  const bob = bearer(await google.sign("bob"));
  expect((await room.ask(`/v1/jobs/${id}`, { headers: bob })).status).toBe(404);
});

test("a token that has expired is told apart, beyond the clocks' tolerance", async () => {
  const now = nowSeconds();
  expect((await ask(await google.sign("alice", { exp: now - 2 }))).status).toBe(200);
  const [status, code, reason] = refusal(await ask(await google.sign("alice", { exp: now - 30 })));
  expect([status, code]).toEqual([401, "token_expired"]);
  expect(reason).toContain("expired");
});

test.each([
  ["another project's audience", { aud: "another-project" }, "wrong audience"],
  ["another issuer", { iss: "https://securetoken.google.com/another-project" }, "wrong issuer"],
  ["an issue time in the future", { iat: nowSeconds() + 600 }, "from the future"],
  ["a sign-in time in the future", { auth_time: nowSeconds() + 600 }, "from the future"],
  ["no user", { sub: "" }, "malformed"],
  ["a user's id that is too long", { sub: "x".repeat(129) }, "malformed"],
  ["no sign-in time", { auth_time: undefined }, "malformed"],
  ["no expiry", { exp: undefined }, "malformed"],
])("a token with %s is refused with the reason", async (_what, claims, reason) => {
  const answer = await ask(await google.sign("alice", claims));
  expect(refusal(answer)).toEqual([401, "unauthenticated", expect.stringContaining(reason)]);
  expect(answer.text).not.toContain("another-project");
});

test("a token that Google did not sign is refused", async () => {
  const stranger = await generateKeyPair("RS256");
  const forged = await new SignJWT(claimsOf("alice"))
    .setProtectedHeader({ alg: "RS256", kid: "first" })
    .sign(stranger.privateKey);
  expect(refusal(await ask(forged))[2]).toContain("not signed by Google");
  const [head, body, signature = ""] = (await google.sign("alice")).split(".");
  const other = Buffer.from(JSON.stringify({ ...claimsOf("bob") })).toString("base64url");
  expect(refusal(await ask(`${head}.${other}.${signature}`))[2]).toContain("not signed by Google");
  expect(refusal(await ask(`${head}.${body}.`))[2]).toContain("not signed by Google");
});

test("unsigned tokens, and those signed with a shared secret, are refused outside emulator mode", async () => {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  expect((await ask(`${encode({ alg: "none" })}.${encode(claimsOf("alice"))}.`)).status).toBe(401);
  const { n = "" } = await exportJWK((await generateKeyPair("RS256", { extractable: true })).publicKey);
  const shared = await new SignJWT(claimsOf("alice"))
    .setProtectedHeader({ alg: "HS256", kid: "first" })
    .sign(Buffer.from(n));
  expect((await ask(shared)).status).toBe(401);
});

test("what is no token at all is refused as malformed", async () => {
  for (const text of ["secret", "a.b", "a.b.c", "....", `${"x".repeat(9_000)}`]) {
    expect(refusal(await ask(text)).slice(0, 2)).toEqual([401, "unauthenticated"]);
  }
  const basic = await room.ask("/v1/jobs", { headers: { Authorization: "Basic YTpi" } });
  expect([basic.status, basic.problem().code]).toEqual([401, "unauthenticated"]);
});

test("a stream ends with an event that says that the token has expired, and goes on with a new one", async () => {
  const id = await room.submit(SMALL_JOB, bearer(await google.sign("alice")));
  // With a tolerance of 5 s this one is good for two seconds more.
  const ending = bearer(await google.sign("alice", { exp: nowSeconds() - 3 }));
  const response = await fetch(`${room.url}/v1/jobs/${id}/events`, { headers: ending });
  const text = await response.text();
  const [, event = "", data = ""] = /event: (.*)\ndata: (.*)\n\n$/.exec(text) ?? [];
  expect(event).toBe("token_expired");
  expect(JSON.parse(data)).toMatchObject({ status: 401, code: "token_expired" });
  const headers = { ...bearer(await google.sign("alice")), "Last-Event-ID": "0" };
  const again = await readEvents(`${room.url}/v1/jobs/${id}/events`, headers);
  expect((await again.next())?.job.id).toBe(id);
  again.response.destroy();
});

test("while Google's keys cannot be read, nobody is called wrong: 503 and come back", async () => {
  const away = await startFakeGoogleKeys();
  const environment = { AUTH: "firebase", FIREBASE_PROJECT: PROJECT, FIREBASE_KEYS_URL: away.url };
  const other = await startRoom({ withoutRedis: true, environment });
  try {
    await away.close();
    const headers = bearer(await away.sign("alice"));
    const answer = await other.ask("/v1/jobs", { headers });
    expect([answer.status, answer.problem().code, answer.headers["retry-after"]]).toEqual([
      503,
      "unavailable",
      "2",
    ]);
    await away.open();
    await expect
      .poll(async () => (await other.ask("/v1/jobs", { headers })).status, { timeout: 5_000 })
      .toBe(200);
  } finally {
    await other.stop();
    await away.close();
  }
});

/** A fake of the address where Google publishes the keys of ID tokens, with keys of the test's own. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

export interface FakeGoogleKeys {
  /** For FIREBASE_KEYS_URL. */
  url: string;
  /** An ID token of the project for `uid`; `claims` stand instead of its own, undefined removes one. */
  sign(uid: string, claims?: Record<string, unknown>): Promise<string>;
  /** Until `open()` every connection is refused, and no later one finds the old answer. */
  close(): Promise<void>;
  open(): Promise<void>;
}

export const PROJECT = "demo-strategiz";

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}

export function claimsOf(uid: string): JWTPayload {
  const now = nowSeconds();
  return {
    iss: `https://securetoken.google.com/${PROJECT}`,
    aud: PROJECT,
    sub: uid,
    user_id: uid,
    auth_time: now - 60,
    iat: now - 60,
    exp: now + 3_540,
  };
}

export async function startFakeGoogleKeys(): Promise<FakeGoogleKeys> {
  const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
  const keys = [{ ...(await exportJWK(publicKey)), kid: "first", alg: "RS256", use: "sig" }];
  let server: Server | undefined;
  let port = 0;
  const open = async (): Promise<void> => {
    const listening = createServer((_request, response) => {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => listening.listen(port, "127.0.0.1", resolve));
    port = (listening.address() as AddressInfo).port;
    server = listening;
  };
  await open();
  return {
    url: `http://127.0.0.1:${port}/keys`,
    open,
    async close() {
      server?.closeAllConnections();
      await new Promise((resolve) => server?.close(resolve));
    },
    sign: (uid, claims = {}) =>
      new SignJWT({ ...claimsOf(uid), ...claims })
        .setProtectedHeader({ alg: "RS256", kid: "first" })
        .sign(privateKey),
  };
}

/** Encrypted connections, by a fake executor: the real one leaves encryption to what stands before it. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerCredentials } from "@grpc/grpc-js";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { ConfigError } from "../../src/shared/config-error.ts";
import { successOver } from "./answers.ts";
import { CONTEXT, connectTo, rejection, requestWith } from "./clients.ts";
import { startFakeExecutor } from "./fake-executor.ts";

const withoutOpenssl = spawnSync("openssl", ["version"]).status !== 0;
const directory = mkdtempSync(join(tmpdir(), "executor-tls-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** A certificate for `localhost` that nobody but those who hold it trusts. */
function certificate(name: string): { file: string; credentials: ServerCredentials } {
  const [file, key] = [join(directory, `${name}.pem`), join(directory, `${name}.key`)];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key];
  execFileSync("openssl", ["req", "-x509", ...newKey, "-days", "2", "-out", file, ...subject], {
    stdio: "pipe",
  });
  const pair = { private_key: readFileSync(key), cert_chain: readFileSync(file) };
  return { file, credentials: ServerCredentials.createSsl(null, [pair]) };
}

test.skipIf(withoutOpenssl)(
  "an executor behind TLS is reached with its certificate authority, and not without",
  async () => {
    const [right, wrong] = [certificate("right"), certificate("wrong")];
    const fake = await startFakeExecutor(
      { execute: () => successOver(10) },
      { credentials: right.credentials },
    );
    onTestFinished(() => fake.stop());
    const target = `localhost:${fake.port}`;

    const trusted = connectTo([target], { EXECUTOR_TLS: true, EXECUTOR_TLS_CA_FILE: right.file });
    expect(await trusted.execute(requestWith({}), CONTEXT)).toMatchObject({ succeeded: true });
    expect(await trusted.health()).toMatchObject([{ serving: true }]);

    for (const config of [
      { EXECUTOR_TLS: true, EXECUTOR_TLS_CA_FILE: wrong.file },
      { EXECUTOR_TLS: true },
      { EXECUTOR_TLS: false },
    ]) {
      const outcome = connectTo([target], config).execute(requestWith({}), CONTEXT);
      expect(await rejection(outcome)).toMatchObject({ class: "platform", code: "executor_unavailable" });
    }
  },
);

test("a file of authorities that is not there is named at the start", () => {
  const connect = (): unknown => connectTo([], { EXECUTOR_TLS: true, EXECUTOR_TLS_CA_FILE: "/no/such.pem" });
  expect(connect).toThrow(ConfigError);
  expect(connect).toThrow("EXECUTOR_TLS_CA_FILE (/no/such.pem)");
});

import { expect, test } from "vitest";
import { readApiConfig } from "../../src/shared/config.ts";
import { ConfigError } from "../../src/shared/config-error.ts";

const FIREBASE = { AUTH: "firebase", FIREBASE_PROJECT: "demo" };

test.each([
  [
    "unsigned tokens beyond loopback",
    { ...FIREBASE, HOST: "0.0.0.0", FIREBASE_AUTH_EMULATOR_HOST: "127.0.0.1:9099" },
  ],
  ["an emulator elsewhere", { ...FIREBASE, FIREBASE_AUTH_EMULATOR_HOST: "auth.example.com:9099" }],
])("%s are refused in one line that says what to set", (_what, environment) => {
  const start = (): unknown => readApiConfig(environment);
  expect(start).toThrow(ConfigError);
  expect(start).toThrow(/^FIREBASE_AUTH_EMULATOR_HOST is [^\n]+127\.0\.0\.1$/);
});

test("Firebase without a project is refused, and takes the one of the jobs", () => {
  expect(() => readApiConfig({ AUTH: "firebase" })).toThrow("set FIREBASE_PROJECT");
  expect(readApiConfig({ AUTH: "firebase", FIRESTORE_PROJECT: "mine" }).FIREBASE_PROJECT).toBe("mine");
});

test.each([
  ["none beside another way", { AUTH: "none,firebase" }, "AUTH: none stands alone"],
  ["an unknown way", { AUTH: "passwords" }, "AUTH"],
  ["keys of Google over plain HTTP", { FIREBASE_KEYS_URL: "http://keys.example.com/" }, "must be https"],
])("%s is refused by its name", (_what, environment, rule) => {
  expect(() => readApiConfig(environment)).toThrow(rule);
});

test("an emulator's address is nothing to an API that takes no tokens", () => {
  const config = readApiConfig({
    HOST: "0.0.0.0",
    AUTH: "api-keys",
    FIREBASE_AUTH_EMULATOR_HOST: "10.0.0.1:9099",
  });
  expect(config.AUTH).toEqual(["api-keys"]);
});

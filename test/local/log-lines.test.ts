import { expect, test } from "vitest";
import { formatLogLine } from "../../src/local/log-lines.ts";

const show = (name: string, line: string): string | undefined => formatLogLine(name, line, false);

test("a JSON line becomes time, message and fields behind the process's name", () => {
  const line =
    '{"level":"info","time":"2026-11-23T16:06:20.355Z","service":"api","port":8080,"msg":"listening"}';
  expect(show("api", line)).toBe("api      | 16:06:20 listening port=8080");
});

test("levels other than info are shown, errors by their message", () => {
  const line =
    '{"level":"error","time":"2026-11-23T16:06:20Z","err":{"message":"no such file","stack":"..."},"msg":"failed"}';
  expect(show("worker", line)).toBe('worker   | 16:06:20 ERROR failed err="no such file"');
});

test("a line that is not JSON is shown as it is", () => {
  expect(show("executor", "Traceback (most recent call last):")).toBe(
    "executor | Traceback (most recent call last):",
  );
  expect(show("executor", "{not json")).toBe("executor | {not json");
});

test("of Valkey only warnings are shown", () => {
  const at = "14894:M 23 Nov 2026 16:06:18.628";
  expect(show("valkey", `${at} * Ready to accept connections tcp`)).toBeUndefined();
  expect(show("valkey", `${at} # User requested shutdown...`)).toBeUndefined();
  expect(show("valkey", `${at} # Out Of Memory allocating 1 bytes`)).toBe(
    "valkey   | 16:06:18 WARN Out Of Memory allocating 1 bytes",
  );
});

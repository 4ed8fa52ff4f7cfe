/** Log lines of the stack's processes as a person reads them. */
import { z } from "zod";
import { readJsonLine } from "./executor.ts";

const WIDTH = "executor".length;
const COLOURS: Record<string, number> = { valkey: 35, executor: 36, worker: 32, api: 34, emulator: 33 };
/** Shown elsewhere on the line, or the same on every line. */
const LEFT_OUT = new Set(["time", "level", "msg", "event", "service", "pid", "hostname"]);

const READERS: Record<string, (line: string) => string | undefined> = {
  valkey: readValkeyLine,
  emulator: readEmulatorLine,
};

/** Valkey marks these as warnings; the last two are its orderly end. */
const ORDINARY = /overcommit|User requested shutdown|ready to exit/;

const logLine = z.looseObject({
  time: z.string().optional(),
  level: z.string().optional(),
  msg: z.string().optional(),
  event: z.string().optional(),
});

/** `16:06:20 executor | listening port=42045 slots=2`; undefined for a line that tells an operator nothing. */
export function formatLogLine(name: string, line: string, colour: boolean): string | undefined {
  const text = (READERS[name] ?? readLine)(line);
  if (text === undefined) return undefined;
  const prefix = `${name.padEnd(WIDTH)} |`;
  return colour ? `\u001b[${COLOURS[name] ?? 0}m${prefix}\u001b[0m ${text}` : `${prefix} ${text}`;
}

function readLine(line: string): string {
  const entry = readJsonLine(line, logLine);
  if (entry === undefined) return line;
  const time = entry.time?.slice(11, 19) ?? "";
  const level = entry.level === undefined || entry.level === "info" ? "" : `${entry.level.toUpperCase()} `;
  const fields = Object.entries(entry)
    .filter(([key]) => !LEFT_OUT.has(key))
    .map(([key, value]) => `${key}=${formatField(value)}`);
  return `${time} ${level}${entry.msg ?? entry.event ?? ""} ${fields.join(" ")}`.trim();
}

function formatField(value: unknown): string {
  if (typeof value === "string") return value.includes(" ") ? JSON.stringify(value) : value;
  if (typeof value === "object" && value !== null && "message" in value) return JSON.stringify(value.message);
  return JSON.stringify(value);
}

/** `14894:M 23 Nov 2026 16:06:18.594 # text`: warnings alone. */
function readValkeyLine(line: string): string | undefined {
  const parts = /^\d+:\w \d+ \w+ \d+ (\d\d:\d\d:\d\d)\.\d+ ([.\-*#]) (.*)$/.exec(line);
  if (parts === null) return line.includes("signal-handler") ? undefined : line;
  const [, time, level, text] = parts;
  return level === "#" && !ORDINARY.test(text ?? "") ? `${time} WARN ${text}` : undefined;
}

/** Java's logging: `WARNING: text` below a line that names class and time; and exceptions that nobody caught. */
function readEmulatorLine(line: string): string | undefined {
  const [, level, text] = /^(WARNING|SEVERE): (.*)$/.exec(line) ?? [];
  if (level !== undefined) return `${level === "SEVERE" ? "ERROR" : "WARN"} ${text}`;
  return /^(Exception|Error|Caused by)\b/.test(line) ? line : undefined;
}

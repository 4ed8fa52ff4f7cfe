/** `npm run api-keys -- create | list | revoke | rotate`: the keys that the API accepts with AUTH=api-keys. */
import { Command, InvalidArgumentError } from "commander";
import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from "../shared/api-keys/change-keys.ts";
import { readApiKeysFile } from "../shared/config.ts";
import { SCOPES, type Scope, scopeSchema } from "../shared/contract/scope.ts";
import { parseDuration, parseLifetime } from "./durations.ts";
import { keyTable } from "./key-table.ts";

interface FileOption {
  file: string;
}

interface CreateOptions extends FileOption {
  owner: string;
  label?: string;
  scopes?: Scope[];
  expires?: number;
}

interface RotateOptions extends FileOption {
  grace?: number;
  expires?: number;
}

const FILE_OPTION = ["--file <path>", "file of the keys (variable API_KEYS_FILE)"] as const;
const GRACE_MS = 24 * 3_600_000;

/** Answers and keys go to standard output, words about them to standard error. */
function buildCommand(defaultFile: string): Command {
  const program = new Command("api-keys")
    .description(
      "Makes, lists, revokes and rotates the keys that the API accepts with AUTH=api-keys. A running API takes up a " +
        "change within a second.",
    )
    .helpOption("--help", "show this help")
    .helpCommand(false);

  program
    .command("create")
    .description("make a key; it is printed this once, and only its hash is kept")
    .requiredOption("--owner <name>", "whose jobs the key reads and writes, such as you@example.com")
    .option("--label <text>", "what the key is for, such as 'nightly screening'")
    .option("--scopes <list>", `what it may do: ${SCOPES.join(", ")}; all of it if left out`, parseScopes)
    .option("--expires <duration>", "when it ends by itself, such as 90d; never if left out", parseLifetime)
    .option(...FILE_OPTION, defaultFile)
    .action(async ({ owner, label, scopes, expires, file }: CreateOptions) => {
      const { key } = await createApiKey(file, { owner, label, scopes, lifetimeMs: expires });
      showNewKey(key, owner);
    });

  program
    .command("list")
    .description("show every key without its secret")
    .option(...FILE_OPTION, defaultFile)
    .action(async ({ file }: FileOption) => {
      const keys = await listApiKeys(file);
      if (keys.length === 0)
        console.error(`There are no keys in ${file}: make one with create --owner NAME.`);
      else console.log(keyTable(keys));
    });

  program
    .command("revoke")
    .description("end a key; its jobs stay")
    .argument("<id>", "the key's id, as list shows it")
    .option(...FILE_OPTION, defaultFile)
    .action(async (id: string, { file }: FileOption) => {
      const key = await revokeApiKey(file, id);
      console.log(`${key.prefix} of ${key.owner} is revoked since ${key.revokedAt}.`);
    });

  program
    .command("rotate")
    .description("make a key of the same owner, label and scopes that takes an old one's place")
    .argument("<id>", "the old key's id, as list shows it")
    .option(
      "--grace <duration>",
      "how long the old key still counts, such as 30m or 0m (default: 24h)",
      parseDuration,
    )
    .option(
      "--expires <duration>",
      "when the new key ends; if left out it lives as long as the old one",
      parseLifetime,
    )
    .option(...FILE_OPTION, defaultFile)
    .action(async (id: string, { grace = GRACE_MS, expires, file }: RotateOptions) => {
      const { key, old } = await rotateApiKey(file, id, { graceMs: grace, lifetimeMs: expires });
      showNewKey(key, old.owner);
      console.error(`${old.prefix} counts until ${old.expiresAt}; revoke ends it at once.`);
    });
  return program;
}

function showNewKey(key: string, owner: string): void {
  console.error(`A key for ${owner}. It cannot be shown again: keep it now.`);
  console.log(key);
  console.error(`Send it as "Authorization: Bearer ${key.slice(0, 16)}..." or as "X-API-Key".`);
}

function parseScopes(text: string): Scope[] {
  const scopes = scopeSchema
    .array()
    .min(1)
    .safeParse(text.split(",").map((scope) => scope.trim()));
  if (scopes.success) return [...new Set(scopes.data)];
  throw new InvalidArgumentError(`It must be one or more of ${SCOPES.join(", ")}, comma-separated.`);
}

try {
  await buildCommand(readApiKeysFile(process.env)).parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

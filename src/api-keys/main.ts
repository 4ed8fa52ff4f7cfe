/** `npm run api-keys -- create | list | revoke`: the keys that the API accepts with AUTH=api-keys. */
import { Command } from "commander";
import { createApiKey, listApiKeys, revokeApiKey } from "../shared/api-keys.ts";
import { readApiKeysFile } from "../shared/config.ts";
import { keyTable } from "./key-table.ts";

interface FileOption {
  file: string;
}

const FILE_OPTION = ["--file <path>", "file of the keys (variable API_KEYS_FILE)"] as const;

/** Answers and keys go to standard output, words about them to standard error. */
function buildCommand(defaultFile: string): Command {
  const program = new Command("api-keys")
    .description(
      "Makes, lists and revokes the keys that the API accepts with AUTH=api-keys. A running API takes up a change " +
        "within a second.",
    )
    .helpOption("--help", "show this help")
    .helpCommand(false);

  program
    .command("create")
    .description("make a key; it is printed this once, and only its hash is kept")
    .requiredOption("--owner <name>", "whose jobs the key reads and writes, such as alice@example.com")
    .option("--label <text>", "what the key is for, such as 'nightly screening'")
    .option(...FILE_OPTION, defaultFile)
    .action(async ({ owner, label, file }: { owner: string; label?: string } & FileOption) => {
      const { key } = await createApiKey(file, { owner, label });
      console.error(`A key for ${owner}. It cannot be shown again: keep it now.`);
      console.log(key);
      console.error(`Send it as "Authorization: Bearer ${key.slice(0, 16)}..." or as "X-API-Key".`);
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
  return program;
}

try {
  await buildCommand(readApiKeysFile(process.env)).parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

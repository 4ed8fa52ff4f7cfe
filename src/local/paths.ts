import { dirname, join } from "node:path";

/** The repository's root, wherever the command was typed. */
export const ROOT = dirname(dirname(import.meta.dirname));
export const PYTHON = join(ROOT, ".venv", "bin", "python");

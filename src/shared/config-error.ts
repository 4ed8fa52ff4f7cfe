/** A setting that is missing or wrong: its message names the variable, the rule and what to set. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

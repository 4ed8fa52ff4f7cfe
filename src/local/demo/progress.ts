/** Jobs while they run: one live line a group on a terminal, one line a finished job elsewhere. */
import type { Job } from "../../shared/contract/job.ts";

const MARKS: Record<Job["status"], string> = {
  queued: "·",
  running: "▸",
  succeeded: "✔",
  failed: "✘",
  cancelled: "–",
};

export interface Tracked {
  group: string;
  label: string;
  status: Job["status"];
}

export interface Progress {
  /** The job moved on; `note` says more about one that ended. */
  update(tracked: Tracked, note: string): void;
  finish(): void;
}

export function showProgress(tracked: Tracked[], out: NodeJS.WriteStream): Progress {
  return out.isTTY ? new LiveLines(tracked, out) : new PlainLines(out);
}

class PlainLines implements Progress {
  readonly #out: NodeJS.WriteStream;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  update({ group, label, status }: Tracked, note: string): void {
    if (status === "queued" || status === "running") return;
    this.#out.write(`  ${MARKS[status]} ${group} ${label} ${status}${note === "" ? "" : ` (${note})`}\n`);
  }

  finish(): void {
    this.#out.write("\n");
  }
}

class LiveLines implements Progress {
  readonly #groups: Map<string, Tracked[]>;
  readonly #out: NodeJS.WriteStream;
  #drawn = false;

  constructor(tracked: Tracked[], out: NodeJS.WriteStream) {
    this.#groups = Map.groupBy(tracked, ({ group }) => group);
    this.#out = out;
    this.#draw();
  }

  update(): void {
    this.#draw();
  }

  finish(): void {
    this.#out.write("\n");
  }

  #draw(): void {
    const width = Math.max(...[...this.#groups.keys()].map((name) => name.length));
    const lines = [...this.#groups].map(
      ([name, jobs]) =>
        `  ${name.padEnd(width)}  ${jobs.map(({ label, status }) => `${label}${MARKS[status]}`).join("  ")}`,
    );
    // A line that wraps would put the next drawing in the wrong place.
    const fitting = lines.map((line) => line.slice(0, this.#out.columns - 1));
    const up = this.#drawn ? `\u001b[${lines.length}A` : "";
    this.#out.write(`${up}${fitting.map((line) => `\u001b[2K${line}\n`).join("")}`);
    this.#drawn = true;
  }
}

/** The equity curve as an SVG of its own: one line, money on the left, years below. */
import type { JobResult } from "../../src/sdk/index.ts";
import { make } from "./page.ts";

const WIDTH = 640;
const HEIGHT = 260;
const LEFT = 64;
const BOTTOM = 24;
const TOP = 10;
/** More points than pixels would only cost time. */
const POINTS_MAX = 1_200;

const money = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export function drawEquity(figure: HTMLElement, { equityCurve, timestamps, symbol }: JobResult): void {
  const first = equityCurve[0] ?? 0;
  const last = equityCurve.at(-1) ?? 0;
  const from = day(timestamps[0]);
  const to = day(timestamps.at(-1));
  const summary = `Equity of ${symbol ?? "your bars"} from ${money.format(first)} on ${from} to ${money.format(last)} on ${to}`;
  const chart = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": summary });
  const [low, high] = rangeOf(equityCurve);
  const x = (bar: number): number => LEFT + ((WIDTH - LEFT) * bar) / Math.max(1, equityCurve.length - 1);
  const y = (value: number): number => TOP + ((HEIGHT - TOP - BOTTOM) * (high - value)) / (high - low);
  for (const value of ticks(low, high)) {
    chart.append(
      line("grid", LEFT, y(value), WIDTH, y(value)),
      label(LEFT - 8, y(value) + 4, money.format(value), "end"),
    );
  }
  chart.append(line("start", LEFT, y(first), WIDTH, y(first)));
  for (const bar of firstBarsOfYears(timestamps))
    chart.append(label(x(bar), HEIGHT - 6, String(timestamps[bar]?.slice(0, 4))));
  const points = sampled(equityCurve).map(([bar, value]) => `${x(bar).toFixed(1)},${y(value).toFixed(1)}`);
  chart.append(svg("polyline", { class: "curve", points: points.join(" ") }));
  figure.replaceChildren(chart, make("figcaption", `${summary}. The dashed line is where it began.`));
  figure.hidden = false;
}

function rangeOf(values: readonly number[]): [low: number, high: number] {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return high > low ? [low, high] : [low - 1, low + 1];
}

/** Three to six round numbers. */
function ticks(low: number, high: number): number[] {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const count = Math.floor(high / step) - Math.ceil(low / step) + 1;
  return Array.from({ length: count }, (_, tick) => (Math.ceil(low / step) + tick) * step);
}

/** The first bar of each year that begins in the data; every second one, and so on, where there are many. */
function firstBarsOfYears(timestamps: readonly string[]): number[] {
  const bars = timestamps.flatMap((time, bar) => {
    const before = timestamps[bar - 1];
    return before !== undefined && before.slice(0, 4) !== time.slice(0, 4) ? [bar] : [];
  });
  const every = Math.ceil(bars.length / 8);
  return bars.filter((_, index) => index % every === 0);
}

function sampled(values: readonly number[]): [bar: number, value: number][] {
  const every = Math.ceil(values.length / POINTS_MAX);
  return values.map((value, bar): [number, number] => [bar, value]).filter(([bar]) => bar % every === 0);
}

function day(time: string | undefined): string {
  return time?.slice(0, 10) ?? "";
}

function line(name: string, x1: number, y1: number, x2: number, y2: number): SVGElement {
  return svg("line", { class: name, x1: String(x1), y1: y1.toFixed(1), x2: String(x2), y2: y2.toFixed(1) });
}

function label(x: number, y: number, text: string, anchor = "middle"): SVGElement {
  const made = svg("text", { x: x.toFixed(1), y: y.toFixed(1), "text-anchor": anchor });
  made.textContent = text;
  return made;
}

function svg(tag: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

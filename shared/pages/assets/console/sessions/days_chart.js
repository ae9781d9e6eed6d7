// @ts-check
// Sessions over time, drawn. The arrow keys go through the days as the pointer does, Enter or a press opens those behind
// a bar; the table of days beside the breakdowns says the same.

import { go } from "../address.js";
import { el, fill } from "../dom.js";
import { left } from "../parts.js";
import { behind } from "./behind.js";

/** What is drawn: its unit, and whose records open. */
const MEASURES = /** @type {const} */ ({
  sessions: { counted: "sessions", seconds: false },
  total_seconds: { counted: "closed", seconds: true },
  average_seconds: { counted: "closed", seconds: true },
  average_waiting_seconds: { counted: "joined", seconds: true },
});

/** @typedef {keyof typeof MEASURES} Measure */
/** @typedef {import("./fetching.js").Stretch} Stretch */
/** @typedef {{ step: import("../days.js").Step, stretches: Stretch[] }} Drawn */

/** Steps of an axis that counts seconds. */
const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400].concat(
  [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000].map((hours) => hours * 3600),
);

/** Steps of an axis that counts sessions: there are no halves. */
const COUNTS = [0, 1, 2, 3, 4, 5, 6].flatMap((power) => [1, 2, 5].map((step) => step * 10 ** power));

const HEIGHT = 240;

export class DaysChart {
  /** @type {any} */
  #plot;
  /** @type {Drawn | undefined} */
  #drawn;
  /** @type {import("./fetching.js").Wish} */
  #wish = { from: "", to: "" };
  /** @type {Measure} */
  #measure = "sessions";
  /** @type {number | undefined} */
  #at;

  /**
   * @param {import("../words.js").Words} words
   * @param {AbortSignal} signal
   */
  constructor(words, signal) {
    this.words = words;
    this.signal = signal;
    this.heading = el("h2", null, words.say("chart.day"));
    this.tip = el("div", { class: "tip", hidden: true });
    this.legend = el("p", { class: "legend", "aria-hidden": "true" }, el("span", { class: "key joined" }), words.say("figure.joined"), el("span", { class: "key never" }), words.say("figure.never_joined"));
    this.canvas = el("div", { class: "canvas" });
    this.area = el("div", { class: "plot", role: "slider", tabindex: "0", "aria-orientation": "horizontal", "aria-valuemin": "0", "aria-valuemax": "0", "aria-valuenow": "0", onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event), onblur: () => this.#point(undefined), onfocus: () => this.#focused() }, this.canvas, this.tip);
    const measures = /** @type {Measure[]} */ (Object.keys(MEASURES)).map((measure) => {
      const radio = el("input", { type: "radio", name: "measure", value: measure, checked: measure === this.#measure, onchange: () => this.#turn(measure) });
      return el("label", null, radio, el("span", null, words.say(`measure.${measure}`)));
    });
    this.element = el("section", { class: "card chart" },
      el("div", { class: "head" }, this.heading, el("fieldset", { class: "segments small" }, el("legend", { class: "unseen" }, words.say("chart.measure")), measures)),
      this.legend,
      this.area,
    );
    const size = new ResizeObserver(() => this.#plot?.setSize({ width: this.canvas.clientWidth, height: HEIGHT }));
    size.observe(this.canvas);
    // Other colours, and on paper another width.
    for (const way of ["(prefers-color-scheme: dark)", "print"]) matchMedia(way).addEventListener("change", () => this.#draw(), { signal });
    signal.addEventListener("abort", () => {
      size.disconnect();
      this.#plot?.destroy();
    });
  }

  /**
   * @param {Drawn} drawn
   * @param {import("./fetching.js").Wish} wish
   */
  show(drawn, wish) {
    this.#drawn = drawn;
    this.#wish = wish;
    this.#at = undefined;
    this.heading.textContent = this.words.say(`chart.${drawn.step}`);
    this.area.setAttribute("aria-label", this.words.say(`chart.${drawn.step}`));
    this.area.setAttribute("aria-valuemax", String(Math.max(0, drawn.stretches.length - 1)));
    this.#say(0);
    // The numbers come first: the library is fetched once they are on screen.
    const draw = () => library().then(() => this.#draw(), (error) => left(error) || fill(this.canvas, el("p", { class: "dim empty" }, this.words.say("chart.failed"))));
    if (/** @type {any} */ (globalThis).uPlot) this.#draw();
    else requestAnimationFrame(() => setTimeout(draw));
  }

  /** @param {Measure} measure */
  #turn(measure) {
    this.#measure = measure;
    this.legend.classList.toggle("gone", measure !== "sessions");
    this.#draw();
    this.#say(this.#at ?? 0);
  }

  #draw() {
    const UPlot = /** @type {any} */ (globalThis).uPlot;
    if (!UPlot || !this.#drawn || this.signal.aborted) return;
    this.#plot?.destroy();
    this.#point(undefined);
    fill(this.canvas);
    const { stretches } = this.#drawn;
    const { seconds } = MEASURES[this.#measure];
    const count = stretches.length;
    const style = getComputedStyle(this.element);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    const font = `12px ${style.fontFamily}`;
    const bars = (/** @type {string} */ fillColour) => ({ paths: UPlot.paths.bars({ size: [0.72, 44], radius: 0 }), fill: fillColour, stroke: fillColour, width: 0, points: { show: false } });
    const stacked = this.#measure === "sessions";
    const values = stretches.map((stretch) => stretch[this.#measure] ?? 0);
    const axis = { font, stroke: colour("--dim"), ticks: { show: false } };
    this.#plot = new UPlot({
      width: this.canvas.clientWidth, height: HEIGHT, legend: { show: false }, padding: [8, 18, 0, 0],
      cursor: { y: false, x: false, drag: { x: false, y: false, setScale: false }, points: { show: false } },
      scales: { x: { time: false, range: [-0.5, count - 0.5] }, y: { range: (/** @type {any} */ _, /** @type {number} */ __, /** @type {number} */ most) => [0, (most || 1) * 1.05] } },
      axes: [
        { ...axis, grid: { show: false }, gap: 6, size: 30, splits: (/** @type {any} */ plot) => this.#labelled(count, plot.bbox.width / devicePixelRatio), values: (/** @type {any} */ _, /** @type {number[]} */ at) => at.map((nth) => this.#label(nth)) },
        { ...axis, grid: { stroke: colour("--line"), width: 1 }, gap: 6, size: seconds ? 74 : 52, space: 44, incrs: seconds ? SECONDS : COUNTS, values: (/** @type {any} */ _, /** @type {number[]} */ at) => at.map((value) => this.#scale(value, seconds)) },
      ],
      series: stacked ? [{}, bars(colour("--never")), bars(colour("--bar"))] : [{}, bars(colour("--bar"))],
      hooks: {
        setCursor: [(/** @type {any} */ plot) => this.#hover(plot)],
        ready: [(/** @type {any} */ plot) => {
          plot.over.append(this.column = el("div", { class: "column", hidden: true }));
          plot.over.addEventListener("click", () => this.#open());
          plot.over.addEventListener("mouseleave", () => this.#point(undefined));
        }],
      },
    }, stacked ? [values.map((_, nth) => nth), values, stretches.map((stretch) => stretch.joined)] : [values.map((_, nth) => nth), values], this.canvas);
  }

  /**
   * Which bars are written at, so that the words don't touch.
   * @param {number} count
   * @param {number} width
   */
  #labelled(count, width) {
    const every = Math.max(1, Math.ceil((count * 76) / Math.max(width, 76)));
    return Array.from({ length: Math.ceil(count / every) }, (_, nth) => nth * every);
  }

  /** @param {number} nth */
  #label(nth) {
    const stretch = this.#drawn?.stretches[nth];
    if (!stretch) return "";
    return this.#drawn?.step === "month" ? this.words.shortMonth(stretch.from) : this.words.shortDay(stretch.from);
  }

  /** @param {number} value @param {boolean} seconds */
  #scale(value, seconds) {
    if (seconds) return value >= 36_000_000 ? this.words.say("chart.hours", { hours: this.words.short(value / 3600) }) : value === 0 ? "0" : this.words.duration(value);
    return Number.isInteger(value) ? this.words.short(value) : "";
  }

  /** @param {any} plot */
  #hover(plot) {
    const { left: x, idx } = plot.cursor;
    if (typeof x === "number" && x >= 0 && typeof idx === "number") this.#point(idx);
  }

  /** Points at a bar, or at none. @param {number | undefined} nth */
  #point(nth) {
    this.#at = nth;
    const stretch = nth === undefined ? undefined : this.#drawn?.stretches[nth];
    this.tip.hidden = !stretch;
    if (this.column) this.column.hidden = !stretch;
    if (!stretch || nth === undefined || !this.#plot) return;
    const { words } = this;
    const [start, end] = [this.#plot.valToPos(nth - 0.5, "x"), this.#plot.valToPos(nth + 0.5, "x")];
    if (this.column) {
      this.column.style.insetInlineStart = `${start}px`;
      this.column.style.inlineSize = `${end - start}px`;
    }
    const line = (/** @type {string} */ key, /** @type {string} */ value) => el("div", null, el("dt", null, words.say(key)), el("dd", null, value));
    const length = (/** @type {number | null} */ seconds) => (seconds === null ? "–" : words.duration(seconds));
    fill(this.tip, el("strong", null, this.#name(stretch)), el("dl", null,
      line("figure.sessions", words.number(stretch.sessions)),
      line("figure.never_joined", words.number(stretch.never_joined)),
      line("measure.total_seconds", words.duration(stretch.total_seconds)),
      line("measure.average_seconds", length(stretch.average_seconds)),
      line("measure.average_waiting_seconds", length(stretch.average_waiting_seconds)),
    ));
    const offset = this.#plot.over.offsetLeft + (start + end) / 2;
    const width = this.tip.offsetWidth;
    this.tip.style.insetInlineStart = `${Math.max(0, Math.min(offset > this.area.clientWidth / 2 ? offset - width - 14 : offset + 14, this.area.clientWidth - width))}px`;
    this.#say(nth);
  }

  /** @param {Stretch} stretch */
  #name({ from }) {
    return this.#drawn?.step === "day" ? this.words.weekday(from) : this.words.month(from);
  }

  /** What a screen reader says of a bar. @param {number} nth */
  #say(nth) {
    const stretch = this.#drawn?.stretches[nth];
    if (!stretch) return;
    const { seconds } = MEASURES[this.#measure];
    const value = stretch[this.#measure];
    const said = value === null ? "–" : seconds ? this.words.duration(value) : this.words.number(value);
    this.area.setAttribute("aria-valuenow", String(nth));
    this.area.setAttribute("aria-valuetext", this.words.say("pair", { name: this.#name(stretch), value: `${this.words.say(`measure.${this.#measure}`)} ${said}` }));
  }

  #focused() {
    if (this.#at === undefined && this.area.matches(":focus-visible")) this.#point((this.#drawn?.stretches.length ?? 0) - 1);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = (this.#drawn?.stretches.length ?? 0) - 1;
    const at = this.#at ?? last;
    /** @type {Record<string, number | undefined>} */
    const ways = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, PageDown: at - 7, PageUp: at + 7, Home: 0, End: last };
    const to = ways[event.key];
    if (event.key === "Enter" || event.key === " ") this.#open();
    else if (event.key === "Escape") this.#point(undefined);
    else if (to !== undefined && last >= 0) this.#point(Math.max(0, Math.min(last, to)));
    else return;
    event.preventDefault();
  }

  #open() {
    const stretch = this.#at === undefined ? undefined : this.#drawn?.stretches[this.#at];
    if (stretch && stretch.sessions > 0) go(behind(this.#wish, { from: stretch.from, to: stretch.to, counted: MEASURES[this.#measure].counted }));
  }
}

/** @type {Promise<void> | undefined} */
let fetching;

/** Fetches what draws, once. @returns {Promise<void>} */
function library() {
  fetching ??= new Promise((done, failed) => {
    document.head.append(el("link", { rel: "stylesheet", href: new URL("../vendor/uplot/uplot.css", import.meta.url) }));
    document.head.append(el("script", { src: new URL("../vendor/uplot/uplot.js", import.meta.url), onload: () => done(), onerror: () => failed(new Error("the chart library did not come")) }));
  });
  fetching.catch(() => {
    fetching = undefined;
  });
  return fetching;
}

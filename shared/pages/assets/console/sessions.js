// @ts-check
// Sessions Summary: how many, how long, who waited, and what they were about.

import { Api } from "./api.js";
import { FIRST_RANGE, RANGES, areDays, before, daysOf, stepOf, today } from "./days.js";
import { el, fill, icon } from "./dom.js";
import { ICONS, explain, finder, left, menu, save, trouble } from "./parts.js";
import { Breakdowns } from "./sessions/breakdowns.js";
import { DaysChart } from "./sessions/days_chart.js";
import { DIMENSIONS, report, stretches } from "./sessions/fetching.js";
import { Figures } from "./sessions/figures.js";
import { Filters } from "./sessions/filters.js";

export const title = "menu.sessions";

/** @typedef {import("./sessions/fetching.js").Wish} Wish */

/** @param {import("./shell.js").Desk} desk */
export function open(desk) {
  return new SessionsSummary(desk);
}

/** @typedef {{ asked: string, days: Promise<Report>, parts: Promise<Report>[], past: Promise<Report | undefined> }} Asked */
/** @typedef {import("./sessions/fetching.js").Report} Report */

/** What was asked for before there was a page to show it. @type {Asked | undefined} */
let begun;

/**
 * Asks for what will be shown first, while the page is still being made.
 * @param {import("./api.js").Session} session
 * @param {Record<string, string>} query
 */
export function begin(session, query) {
  const now = today(session.time_zone);
  begun = askFor(new Api(session.account), wishOf(query, now).wish, now);
}

/**
 * All that the report is made of, side by side.
 * @param {Api} api
 * @param {Wish} wish
 * @param {string} now
 * @param {AbortSignal} [signal]
 * @returns {Asked}
 */
function askFor(api, wish, now, signal) {
  const days = report(api, wish, stepOf(wish), signal);
  const parts = DIMENSIONS.map((by) => report(api, wish, by, signal));
  const past = report(api, { ...wish, ...before(wish, now) }, undefined, signal).catch(() => undefined);
  // Whoever waits for one of them hears what is wrong with it.
  for (const asked of [days, ...parts]) asked.catch(() => undefined);
  return { asked: JSON.stringify([wish, now]), days, parts, past };
}

class SessionsSummary {
  /** @type {AbortController | undefined} */
  #reading;
  /** What is on screen, as it was asked for. */
  #shown = "";

  /** @param {import("./shell.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.filters = new Filters(desk);
    this.figures = new Figures(desk.words);
    this.chart = new DaysChart(desk.words, desk.signal);
    this.breakdowns = new Breakdowns(desk.words);
    this.notices = el("div", { class: "notices" });
    this.tables = el("span", { class: "row" });
    fill(
      desk.main,
      el("div", { class: "head" },
        el("h1", null, desk.words.say("menu.sessions")),
        el("div", { class: "row actions" },
          finder(desk.words),
          this.tables,
          el("button", { class: "button", type: "button", onclick: () => print() }, icon(ICONS.print), desk.words.say("print")),
        ),
      ),
      this.filters.element,
      this.notices,
      this.figures.element,
      this.chart.element,
      this.breakdowns.element,
      this.#meanings(),
    );
  }

  /** @param {Record<string, string>} query */
  update(query) {
    const now = today(this.desk.session.time_zone);
    const { wish, range } = wishOf(query, now);
    this.filters.show(wish, range, query);
    this.breakdowns.turn(query["by"], wish, query);
    const asked = JSON.stringify([wish, now]);
    if (asked === this.#shown) return;
    this.#shown = asked;
    this.#offerTables(wish);
    this.#read(wish, now);
  }

  /**
   * @param {Wish} wish
   * @param {string} now
   */
  async #read(wish, now) {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    const signal = AbortSignal.any([reading.signal, this.desk.signal]);
    const { api, words } = this.desk;
    const slow = setTimeout(() => this.desk.main.setAttribute("aria-busy", "true"), 300);
    try {
      const { days, parts, past } = begun?.asked === this.#shown ? begun : askFor(api, wish, now, signal);
      begun = undefined;
      // The numbers come first; the answer by day may be the largest one.
      const first = await /** @type {Promise<Report>} */ (parts[0]);
      const earlier = await past;
      if (signal.aborted) return;
      fill(this.notices);
      this.figures.show(first, earlier, wish);
      const drawn = stretches(await days, now);
      if (signal.aborted) return;
      this.chart.show(drawn, wish);
      const read = await Promise.all(parts);
      if (signal.aborted) return;
      this.breakdowns.show(new Map(DIMENSIONS.map((by, nth) => [by, /** @type {Report} */ (read[nth])])), drawn, first.total, wish);
      if (!wish.technician && !wish.without) this.filters.know(read[DIMENSIONS.indexOf("technician")]?.groups ?? []);
      else await this.#knowTechnicians(wish, signal);
      this.desk.announce(words.say("report.read", { count: first.total.sessions }));
    } catch (error) {
      if (left(error)) return;
      this.#shown = "";
      fill(this.notices, trouble(words, error, () => this.#read(wish, now)));
    } finally {
      clearTimeout(slow);
      if (this.#reading === reading) this.desk.main.removeAttribute("aria-busy");
    }
  }

  /**
   * The names of all who helped in these days, though the report is of one of them.
   * @param {Wish} wish
   * @param {AbortSignal} signal
   */
  async #knowTechnicians(wish, signal) {
    const everyone = await report(this.desk.api, { from: wish.from, to: wish.to }, "technician", signal);
    this.filters.know(everyone.groups);
  }

  /** @param {Wish} wish */
  #offerTables(wish) {
    const { words } = this.desk;
    const item = (/** @type {string} */ text, /** @type {string} */ name, /** @type {() => Promise<Blob>} */ read) =>
      el("button", { type: "button", onclick: () => this.#download(`${name}-${wish.from}.csv`, read) }, text);
    const items = [...DIMENSIONS, ...new Set([stepOf(wish), "day"])].map((by) =>
      item(words.say(`by.${by}`), `sessions-by-${by}`, () => this.desk.api.table("/reports/sessions", { ...wish, group_by: by })));
    items.push(item(words.say("csv.records"), "sessions", () => this.desk.api.table("/reports/sessions/records", { ...wish })));
    fill(this.tables, menu([icon(ICONS.down), words.say("csv")], items));
  }

  /**
   * @param {string} name
   * @param {() => Promise<Blob>} read
   */
  async #download(name, read) {
    const { words } = this.desk;
    this.desk.announce(words.say("csv.reading"));
    try {
      save(await read(), name);
      this.desk.announce(words.say("csv.saved", { name }));
    } catch (error) {
      fill(this.notices, trouble(words, error));
      this.desk.announce(explain(words, error).join(" "));
    }
  }

  #meanings() {
    const { words } = this.desk;
    const terms = ["sessions", "total", "average", "expired", "never_joined", "waiting", "excluded", "live", "day"];
    return el("details", { class: "meanings" },
      el("summary", null, words.say("meanings")),
      el("dl", null, terms.map((term) => el("div", null, el("dt", null, words.say(`figure.${term}`)), el("dd", null, words.say(`meaning.${term}`))))),
    );
  }
}

/**
 * What the address asks for; what makes no sense there is as if it were not there.
 * @param {Record<string, string>} query
 * @param {string} now
 * @returns {{ wish: Wish, range: import("./days.js").Range | undefined }}
 */
function wishOf(query, now) {
  const custom = { from: query["from"] ?? "", to: query["to"] ?? "" };
  const range = areDays(custom) ? undefined : (RANGES.find((name) => name === query["range"]) ?? FIRST_RANGE);
  const days = range ? daysOf(range, now) : custom;
  const without = query["without"] === "technician" ? "technician" : undefined;
  return { wish: { ...days, technician: without ? undefined : query["technician"] || undefined, without }, range };
}

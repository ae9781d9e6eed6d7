// @ts-check
// Sessions by category, type, priority, source and technician: small tables with a bar in each row; and each of them, or
// the days or months, as a full table.

import { address } from "../address.js";
import { stepOf } from "../days.js";
import { el, fill } from "../dom.js";
import { reveal } from "../parts.js";
import { behind, behindGroup } from "./behind.js";
import { DIMENSIONS } from "./fetching.js";

/** How many of a breakdown are shown before all are wanted. */
const FEW = 6;

/** What a full table tells of each row, and in whose records it counts. */
const COLUMNS = /** @type {const} */ ([
  ["sessions", "sessions"], ["closed", "closed"], ["expired", "expired"], ["never_joined", "never_joined"], ["no_show_rate", "never_joined"],
  ["total_seconds", "closed"], ["average_seconds", "closed"], ["average_waiting_seconds", "joined"],
]);

/** @typedef {(typeof COLUMNS)[number][0]} Column */
/** @typedef {import("./fetching.js").Figures} Figures */
/** @typedef {{ name: string, figures: Figures, open: (counted: string) => string }} Row */

/**
 * @typedef {object} Read
 * @property {Map<import("./fetching.js").Dimension, import("./fetching.js").Report>} reports
 * @property {{ step: import("../days.js").Step, stretches: import("./fetching.js").Stretch[] }} days
 * @property {Figures} total
 * @property {import("./fetching.js").Wish} wish
 */

export class Breakdowns {
  /** @type {Read | undefined} */
  #read;
  /** @type {string | undefined} */
  #by;
  /** @type {{ column: Column | "name", down: boolean } | undefined} */
  #sorted;

  /** @param {import("../words.js").Words} words */
  constructor(words) {
    this.words = words;
    this.tabs = el("nav", { class: "segments links", "aria-label": words.say("breakdowns") });
    this.body = el("div", { class: "cards" }, DIMENSIONS.map((by) => el("section", { class: "card breakdown" }, el("h3", null, words.say(`by.${by}`)))));
    this.element = el("section", { class: "breakdowns" }, el("div", { class: "head" }, el("h2", null, words.say("breakdowns")), this.tabs), this.body);
  }

  /**
   * Turns to one breakdown, or to a glance at all of them.
   * @param {string | undefined} wish
   * @param {import("./fetching.js").Wish} of
   * @param {Record<string, string>} query
   */
  turn(wish, of, query) {
    const by = [...DIMENSIONS, "day"].find((name) => name === wish);
    const link = (/** @type {string | undefined} */ name, /** @type {string} */ text) =>
      el("a", { href: address("sessions", { ...query, by: name }), "aria-current": name === by ? "true" : null }, text);
    fill(this.tabs, link(undefined, this.words.say("breakdowns.all")), [...DIMENSIONS, "day"].map((name) => link(name, this.words.say(`dimension.${name === "day" ? stepOf(of) : name}`))));
    reveal(this.tabs);
    if (by !== this.#by) this.#sorted = undefined;
    this.#by = by;
    this.query = query;
    if (this.#read && JSON.stringify(this.#read.wish) === JSON.stringify(of)) this.#draw();
  }

  /**
   * @param {Read["reports"]} reports
   * @param {Read["days"]} days
   * @param {Figures} total
   * @param {Read["wish"]} wish
   */
  show(reports, days, total, wish) {
    this.#read = { reports, days, total, wish };
    this.#draw();
  }

  #draw() {
    if (!this.#read) return;
    this.body.className = this.#by ? "whole" : "cards";
    if (!this.#by) {
      fill(this.body, DIMENSIONS.map((by) => this.#card(by)));
      return;
    }
    fill(this.body, this.#table(this.#by));
  }

  /** @param {import("./fetching.js").Dimension} by */
  #card(by) {
    const { words } = this;
    const rows = this.#rows(by);
    const few = rows.length > FEW + 1 ? rows.slice(0, FEW) : rows;
    const rest = rows.slice(few.length);
    const most = Math.max(1, ...rows.map((row) => row.figures.sessions));
    const more = rest.reduce((sum, row) => sum + row.figures.sessions, 0);
    return el("section", { class: "card breakdown" },
      el("h3", null, words.say(`by.${by}`)),
      rows.length === 0
        ? el("p", { class: "dim empty" }, words.say("report.empty"))
        : el("table", null,
          el("thead", null, el("tr", null,
            el("th", { scope: "col" }, el("span", { class: "unseen" }, words.say(`dimension.${by}`))),
            el("th", { scope: "col", class: "number" }, words.say("figure.sessions")),
            el("th", { scope: "col", class: "number" }, words.say("column.average_seconds")),
          )),
          el("tbody", null, few.map((row) => el("tr", null,
            el("th", { scope: "row" }, el("span", { class: "name", title: row.name }, row.name), bar(row.figures.sessions / most)),
            el("td", { class: "number" }, el("a", { href: row.open("sessions") }, words.number(row.figures.sessions))),
            el("td", { class: "number dim" }, row.figures.average_seconds === null ? "–" : words.duration(row.figures.average_seconds)),
          ))),
        ),
      el("p", { class: "foot" },
        rows.length > 0 && el("a", { href: address("sessions", { ...this.query, by }) }, rest.length > 0 ? words.say("breakdowns.more", { count: rest.length, sessions: more }) : words.say("breakdowns.figures"))),
    );
  }

  /** @param {string} by */
  #table(by) {
    const { words } = this;
    const { total, wish } = /** @type {Read} */ (this.#read);
    const rows = this.#rows(by);
    const named = by === "day" ? stepOf(wish) : by;
    const sorted = this.#sorted ?? (by === "day" ? { column: /** @type {const} */ ("name"), down: false } : { column: /** @type {const} */ ("sessions"), down: true });
    // Days are in order as they come: their names sort by another order.
    const order = [...rows.keys()].sort((one, other) => {
      const [a, b] = [/** @type {Row} */ (rows[one]), /** @type {Row} */ (rows[other])];
      const { column } = sorted;
      const way = column !== "name" ? (a.figures[column] ?? -1) - (b.figures[column] ?? -1) : by === "day" ? one - other : a.name.localeCompare(b.name, words.locale);
      return (sorted.down ? -way : way) || one - other;
    });
    const most = Math.max(1, ...rows.map((row) => row.figures.sessions));
    const heading = (/** @type {Column | "name"} */ column, /** @type {string} */ text, number = true) => {
      const here = sorted.column === column;
      const turn = () => {
        this.#sorted = { column, down: here ? !sorted.down : number };
        this.#draw();
        /** @type {HTMLElement | null} */ (this.body.querySelector(`[data-column="${column}"]`))?.focus();
      };
      return el("th", { scope: "col", class: number ? "number" : null, "aria-sort": here ? (sorted.down ? "descending" : "ascending") : null },
        el("button", { type: "button", "data-column": column, onclick: turn }, text, el("span", { class: "arrow", "aria-hidden": "true" }, here ? (sorted.down ? "↓" : "↑") : "")));
    };
    const cells = (/** @type {Figures} */ figures, /** @type {(counted: string) => string} */ open) =>
      COLUMNS.map(([column, counted]) => el("td", { class: "number" }, figures[column] === null ? "–" : el("a", { href: open(counted) }, this.#cell(column, /** @type {number} */ (figures[column])))));
    return el("div", { class: "scroller card", role: "region", "aria-label": words.say(`by.${named}`), tabindex: "0" },
      el("table", { class: "full" },
        el("caption", { class: "unseen" }, words.say(`by.${named}`)),
        el("thead", null, el("tr", null, heading("name", words.say(`dimension.${named}`), false), COLUMNS.map(([column]) => heading(column, words.say(`column.${column}`))))),
        el("tbody", null, order.map((nth) => {
          const row = /** @type {Row} */ (rows[nth]);
          return el("tr", null, el("th", { scope: "row" }, el("span", { class: "name" }, row.name), bar(row.figures.sessions / most)), cells(row.figures, row.open));
        })),
        el("tfoot", null, el("tr", null, el("th", { scope: "row" }, words.say("report.all")), cells(total, (counted) => behind(wish, { counted })))),
      ),
    );
  }

  /** @param {Column} column @param {number} value */
  #cell(column, value) {
    if (column === "no_show_rate") return this.words.percent(value);
    return column.endsWith("_seconds") ? this.words.duration(value) : this.words.number(value);
  }

  /** @param {string} by @returns {Row[]} */
  #rows(by) {
    const { reports, days, wish } = /** @type {Read} */ (this.#read);
    const { words } = this;
    if (by === "day") {
      return days.stretches.map((figures) => ({ name: days.step === "day" ? words.weekday(figures.from) : words.month(figures.from), figures, open: (counted) => behind(wish, { from: figures.from, to: figures.to, counted }) }));
    }
    const report = reports.get(/** @type {import("./fetching.js").Dimension} */ (by));
    /** @type {Row[]} */
    const rows = (report?.groups ?? []).map((group) => ({
      name: group.name ?? group.value ?? words.say(`nothing.${by}`),
      figures: group,
      open: (counted) => behindGroup(wish, by, group.value, { counted }),
    }));
    if (report?.elsewhere) {
      rows.push({ name: words.say("report.elsewhere"), figures: report.elsewhere, open: (counted) => behind(wish, { counted, counted_without_facts: "true" }) });
    }
    return rows;
  }
}

/** A bar: what the number beside it says. @param {number} share of the longest */
function bar(share) {
  const inner = el("span");
  inner.style.inlineSize = `${Math.max(share * 100, share > 0 ? 0.8 : 0)}%`;
  return el("span", { class: "bar", "aria-hidden": "true" }, inner);
}

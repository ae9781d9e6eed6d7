// @ts-check
// What was sent to an endpoint of late and what became of it, what is tried again, and what was given up. Looked at again
// every few seconds while the page is seen.

import { el, fill } from "../dom.js";
import { left, trouble } from "../parts.js";
import { named } from "./catalogue.js";

/** Between two looks, in milliseconds. */
const PAUSE = 4_000;

/**
 * @typedef {object} Attempt
 * @property {number} [number] of the event in the feed; a test has none
 * @property {string} type
 * @property {number} attempt
 * @property {string} at
 * @property {number} duration_ms
 * @property {boolean} delivered
 * @property {number} [status]
 * @property {"timed_out" | "unreachable" | "address_refused"} [no_answer] why there is none
 * @property {string} [answer] how it begins, or what exactly kept it from coming, in English
 * @property {string} [next_at]
 *
 * @typedef {{ number: number, attempts: number, at: string }} Retry
 * @typedef {{ attempts: Attempt[], retries: Retry[], undelivered: Retry[] }} Found
 */

export class Deliveries {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #seen = "";

  /**
   * @param {import("../shell.js").Desk} desk
   * @param {string} endpoint its id
   * @param {{ again: (number: number) => Promise<unknown>, changed: () => void }} act
   */
  constructor(desk, endpoint, { again, changed }) {
    this.desk = desk;
    this.path = `/endpoints/${endpoint}/deliveries`;
    this.again = again;
    this.changed = changed;
    const { words } = desk;
    this.notices = el("div", { class: "notices" });
    this.attempts = el("div", { class: "scroller card", role: "region", "aria-label": words.say("deliveries.title"), tabindex: "0", "aria-busy": "true" });
    this.waiting = el("div", { class: "group" });
    this.element = el("section", { class: "group" }, el("h2", null, words.say("deliveries.title")), this.notices, this.attempts, this.waiting);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.look(), { signal: desk.signal });
    desk.signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** The last attempts, newest first; none where they could not be read. @returns {Promise<Attempt[]>} */
  async look() {
    clearTimeout(this.#timer);
    const { api, words, signal } = this.desk;
    /** @type {Attempt[]} */
    let attempts = [];
    try {
      /** @type {Found} */
      const found = await api.get(this.path, {}, signal);
      attempts = found.attempts;
      fill(this.notices);
      this.#show(found);
    } catch (error) {
      if (left(error)) return [];
      fill(this.notices, trouble(words, error, () => this.look()));
    }
    this.attempts.removeAttribute("aria-busy");
    clearTimeout(this.#timer);
    if (document.visibilityState === "visible" && !signal.aborted) this.#timer = setTimeout(() => this.look(), PAUSE);
    return attempts;
  }

  /** @param {Found} found */
  #show(found) {
    const seen = JSON.stringify(found);
    if (seen === this.#seen) return;
    const isFirst = this.#seen === "";
    this.#seen = seen;
    const focus = document.activeElement?.getAttribute("data-focus");
    const { words } = this.desk;
    const column = (/** @type {string} */ name, number = false) => el("th", { scope: "col", class: number ? "number" : null }, words.say(`deliveries.${name}`));
    fill(this.attempts, found.attempts.length === 0
      ? el("p", { class: "dim nothing" }, words.say("deliveries.none"))
      : el("table", { class: "full records" },
        el("thead", null, el("tr", null, column("event"), column("outcome"), column("at"), column("duration", true), column("answer"), el("td", null))),
        el("tbody", null, found.attempts.map((attempt, nth) => this.#row(attempt, nth)))));
    fill(this.waiting, ...this.#list("retries", found.retries), ...this.#list("undelivered", found.undelivered));
    if (focus) /** @type {HTMLElement | null} */ (this.element.querySelector(`[data-focus="${CSS.escape(focus)}"]`))?.focus();
    if (!isFirst) this.changed();
  }

  /** @param {Attempt} attempt @param {number} nth */
  #row(attempt, nth) {
    const { words } = this.desk;
    const { number, type, at, duration_ms: duration } = attempt;
    const answer = detail(attempt);
    return el("tr", null,
      el("th", { scope: "row" }, el("span", { class: "name" }, named(words, type)), el("span", { class: "over" }, number === undefined ? type : words.say("deliveries.number", { type, number: String(number) }))),
      el("td", null, outcome(words, attempt)),
      el("td", { class: "moment" }, words.exactly(at)),
      el("td", { class: "number" }, words.say("deliveries.milliseconds", { count: duration })),
      el("td", null, answer !== undefined && el("span", { class: "note", title: answer }, answer)),
      el("td", null, number !== undefined && this.#again(number, `${number}/${nth}`)),
    );
  }

  /** @param {number} number @param {string} focus */
  #again(number, focus) {
    const { words } = this.desk;
    const label = words.say("deliveries.again");
    return el("button", { class: "button again", type: "button", "data-focus": focus, "aria-label": words.say("deliveries.again.number", { act: label, number: String(number) }), onclick: () => this.again(number) }, label);
  }

  /**
   * @param {"retries" | "undelivered"} what
   * @param {Retry[]} retries
   * @returns {HTMLElement[]}
   */
  #list(what, retries) {
    const { words } = this.desk;
    if (retries.length === 0) return [];
    return [
      el("h3", null, words.say(`deliveries.${what}`)),
      el("p", { class: "dim" }, words.say(`deliveries.${what}.text`)),
      el("ul", { class: "card lines entries" }, retries.map(({ number, attempts, at }) => el("li", null,
        el("div", { class: "of" },
          el("p", null, words.say("deliveries.numbered", { number: String(number) })),
          el("p", { class: "over" }, words.say(`deliveries.${what}.at`, { count: attempts, moment: words.exactly(at) }))),
        this.#again(number, `${what}/${number}`)))),
    ];
  }
}

/** Why there was no answer. @param {import("../words.js").Words} words @param {Attempt} attempt */
export function unanswered(words, { no_answer: why = "unreachable" }) {
  return words.say(`deliveries.no_answer.${why}`);
}

/** What is to be said of an attempt besides its outcome. @param {Attempt} attempt */
export function detail({ no_answer: why, answer }) {
  return why === "timed_out" ? undefined : answer;
}

/** What became of an attempt. @param {import("../words.js").Words} words @param {Attempt} tried */
function outcome(words, tried) {
  const { delivered, status, attempt, next_at: next } = tried;
  const said = status === undefined ? unanswered(words, tried) : words.say(delivered ? "deliveries.taken" : "deliveries.refused", { status: String(status) });
  return el("span", null,
    el("span", { class: `tag ${delivered ? "good" : "bad"}` }, said),
    attempt > 1 && el("span", { class: "over" }, words.say("deliveries.attempt", { count: attempt })),
    next !== undefined && el("span", { class: "over" }, words.say("pair", { name: words.say("deliveries.next"), value: words.exactly(next) })),
  );
}

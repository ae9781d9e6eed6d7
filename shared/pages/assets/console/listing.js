// @ts-check
// A list that is read page by page: until there is enough to look at, and on where more is asked for.

import { el, fill } from "./dom.js";
import { left, trouble, worker } from "./parts.js";

/** How many are wanted before it is asked whether there shall be more, and how long they are looked for, in milliseconds. */
const [ENOUGH, PATIENCE] = [25, 10_000];

/**
 * @typedef {object} Wish
 * @property {string} label what is listed
 * @property {string} path where it is read
 * @property {string} said how many there are is said in these words, or with `.more` behind
 * @property {(searching: boolean) => HTMLElement | string} draw what is there by now; `searching` while none was found and more follow
 * @property {(signal: AbortSignal) => void} [begun] what else is read for the list; aborted once something else is asked for
 * @property {(error: unknown) => import("./dom.js").Child} [explain] what else is to be said of a refusal
 */

/** @template Item */
export class Listing {
  /** @type {AbortController | undefined} */
  #reading;
  /** @type {AbortController | undefined} */
  #begun;
  /** @type {Record<string, string | undefined>} */
  #asked = {};
  /** @type {string | undefined} */
  #next;
  /** What was read by now. @type {Item[]} */
  items = [];
  /** How many there are, once that is known: then nobody looks on for more. @type {number | undefined} */
  expected;

  /**
   * @param {import("./shell.js").Desk} desk
   * @param {Wish} wish
   */
  constructor(desk, wish) {
    this.desk = desk;
    this.wish = wish;
    this.notices = el("div", { class: "notices" });
    this.list = el("div", { class: "scroller card list", role: "region", "aria-label": wish.label, tabindex: "0" });
    const more = worker(desk.words.say("records.more"), {}, () => this.#read());
    more.hidden = true;
    this.more = more;
  }

  /** From the top to the bottom of a page. */
  get elements() {
    return [this.notices, this.list, el("div", { class: "row" }, this.more)];
  }

  /**
   * Lists what is asked for now, from the first page on.
   * @param {Record<string, string | undefined>} asked
   */
  begin(asked) {
    this.#reading?.abort();
    this.#begun?.abort();
    this.#asked = asked;
    this.items = [];
    this.#next = undefined;
    this.expected = undefined;
    this.more.hidden = true;
    fill(this.list, this.#nothing(this.desk.words.say("records.searching")));
    fill(this.notices);
    const reading = new AbortController();
    this.#begun = reading;
    this.#read();
    this.wish.begun?.(AbortSignal.any([reading.signal, this.desk.signal]));
  }

  /** Shows again what is there by now. */
  show() {
    const shown = this.wish.draw(this.#next !== undefined);
    fill(this.list, typeof shown === "string" ? this.#nothing(shown) : shown);
  }

  /** @param {string} text */
  #nothing(text) {
    return el("p", { class: "dim nothing" }, text);
  }

  /** Reads on until there is something to show: a page may be short, or empty, though more follow. */
  async #read() {
    const reading = new AbortController();
    this.#reading = reading;
    const signal = AbortSignal.any([reading.signal, this.desk.signal]);
    const { api, words } = this.desk;
    const { path, said, explain } = this.wish;
    const seen = this.items.length;
    const until = performance.now() + PATIENCE;
    this.list.setAttribute("aria-busy", "true");
    try {
      do {
        const page = await api.get(path, { ...this.#asked, cursor: this.#next }, signal);
        this.items.push(...page.items);
        this.#next = this.expected === this.items.length ? undefined : (page.next ?? undefined);
        if (page.items.length > 0) this.show();
      } while (this.#next && this.items.length < seen + ENOUGH && performance.now() < until);
      this.show();
      this.desk.announce(words.say(this.#next ? `${said}.more` : said, { count: this.items.length }));
      if (seen > 0) /** @type {HTMLElement | null} */ (this.list.querySelectorAll("tbody button")[seen])?.focus();
    } catch (error) {
      if (left(error)) return;
      this.show();
      fill(this.notices, trouble(words, error, () => this.begin(this.#asked)), explain?.(error));
    } finally {
      if (this.#reading === reading) {
        this.list.removeAttribute("aria-busy");
        this.more.hidden = this.#next === undefined;
      }
    }
  }
}

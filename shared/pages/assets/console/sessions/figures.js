// @ts-check
// The figures of all sessions together. Every number opens the sessions behind it.

import { address } from "../address.js";
import { el, fill } from "../dom.js";
import { behind } from "./behind.js";

export class Figures {
  /** @param {import("../words.js").Words} words */
  constructor(words) {
    this.words = words;
    this.tiles = ["sessions", "total", "average", "waiting", "no_show", "live"].map((name) => {
      const figure = el("dd", { class: "figure" }, "\u2007");
      const more = el("dd", { class: "more" }, "\u2007");
      return { figure, more, element: el("div", { class: "tile" }, el("dt", null, words.say(`figure.${name}`)), figure, more) };
    });
    this.element = el("dl", { class: "tiles" }, this.tiles.map((tile) => tile.element));
  }

  /**
   * @param {import("./fetching.js").Report} report
   * @param {import("./fetching.js").Report | undefined} past the same of as many days before
   * @param {import("./fetching.js").Wish} wish
   */
  show({ total, live }, past, wish) {
    const { words } = this;
    const link = (/** @type {string} */ counted, /** @type {string} */ text) => el("a", { href: behind(wish, { counted }) }, text);
    const none = () => el("span", { class: "dim" }, "–");
    const duration = (/** @type {number | null} */ seconds, /** @type {string} */ counted) => (seconds === null ? none() : link(counted, words.duration(seconds)));
    /** @type {[import("../dom.js").Child[], import("../dom.js").Child[], (HTMLElement | false)?][]} */
    const shown = [
      [
        [link("sessions", words.number(total.sessions))],
        [link("closed", words.say("figure.closed.count", { count: total.closed })), link("expired", words.say("figure.expired.count", { count: total.expired })),
          total.excluded > 0 && link("excluded", words.say("figure.excluded.count", { count: total.excluded }))],
        this.#change(total.sessions, past?.total.sessions),
      ],
      [[total.closed > 0 ? link("closed", words.duration(total.total_seconds)) : none()], [words.say("figure.total.of")], this.#change(total.total_seconds, past?.total.total_seconds)],
      [[duration(total.average_seconds, "closed")], [words.say("figure.average.of")], this.#change(total.average_seconds, past?.total.average_seconds)],
      [[duration(total.average_waiting_seconds, "joined")], [link("joined", words.say("figure.joined.count", { count: total.joined }))], this.#change(total.average_waiting_seconds, past?.total.average_waiting_seconds)],
      [
        [total.no_show_rate === null ? none() : link("never_joined", words.percent(total.no_show_rate))],
        [link("never_joined", words.say("figure.never_joined.count", { count: total.never_joined }))],
      ],
      [[el("a", { href: address("live") }, words.number(live)), live > 0 && el("span", { class: "dot" })], [words.say("figure.live.of")]],
    ];
    shown.forEach(([figure, more, change], nth) => {
      const tile = this.tiles[nth];
      if (!tile) return;
      fill(tile.figure, ...figure);
      fill(tile.more, change, ...more.filter(Boolean).map((part) => el("span", null, part)));
    });
  }

  /**
   * How it changed against the days before: neither good nor bad, so in no colour of its own.
   * @param {number | null} now
   * @param {number | null | undefined} before
   */
  #change(now, before) {
    if (!now || !before) return false;
    const text = this.words.change(now / before - 1);
    return el("span", { class: "change", title: this.words.say("figure.change") }, text, el("span", { class: "unseen" }, ` ${this.words.say("figure.change")}`));
  }
}

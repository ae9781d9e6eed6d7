// @ts-check
// Chooses what an endpoint is sent: everything, all of a kind, or single types; nothing is typed, so nothing can be misspelt.

import { el } from "../dom.js";
import { KINDS, named } from "./catalogue.js";

/** @typedef {import("../words.js").Words} Words */

export class Picker {
  name = "events";

  /**
   * @param {Words} words
   * @param {string[]} chosen nothing: everything
   */
  constructor(words, chosen) {
    this.words = words;
    this.wrong = el("p", { class: "fault", id: "events-fault" });
    const known = Object.entries(KINDS).flatMap(([kind, types]) => [`${kind}.*`, ...types.map((type) => `${kind}.${type}`)]);
    // What another version was told stays, until somebody takes it away.
    this.unknown = chosen.filter((type) => !known.includes(type)).map((type) => el("input", { type: "checkbox", value: type, checked: true }));
    this.groups = Object.entries(KINDS).map(([kind, types]) => new Group(words, kind, types, chosen));
    this.control = this.#way("all", chosen.length === 0);
    this.only = this.#way("some", chosen.length > 0);
    this.kinds = el("div", { class: "kinds" }, this.groups.map(({ element }) => element), this.unknown.length > 0 && el("details", { open: true },
      el("summary", null, words.say("endpoints.events.unknown")),
      el("div", { class: "stack tight" }, this.unknown.map((input) => line(input, input.value)))));
    this.element = el("fieldset", { class: "stack tight", "aria-describedby": "events-fault" },
      el("legend", { class: "label" }, words.say("endpoints.events")),
      el("label", { class: "check" }, this.control, el("span", null, words.say("endpoints.events.all"), el("span", { class: "hint" }, words.say("endpoints.events.all.hint")))),
      el("label", { class: "check" }, this.only, el("span", null, words.say("endpoints.events.some"))),
      this.wrong,
      this.kinds,
    );
    this.#turn();
  }

  /** The patterns for the API; `undefined` where some are wanted and none is chosen. @returns {string[] | undefined} */
  get patterns() {
    if (this.control.checked) return [];
    const chosen = [...this.groups.flatMap((group) => group.patterns), ...this.unknown.filter((input) => input.checked).map((input) => input.value)];
    return chosen.length > 0 ? chosen : undefined;
  }

  /** @param {string} message */
  say(message) {
    this.wrong.textContent = message;
    return true;
  }

  /** @param {string} value @param {boolean} checked */
  #way(value, checked) {
    return el("input", { type: "radio", name: "events", value, checked, onchange: () => this.#turn() });
  }

  #turn() {
    this.kinds.hidden = this.control.checked;
    this.say("");
  }
}

/** The types of one kind. */
class Group {
  /**
   * @param {Words} words
   * @param {string} kind
   * @param {readonly string[]} types
   * @param {string[]} chosen
   */
  constructor(words, kind, types, chosen) {
    this.words = words;
    this.kind = kind;
    const box = (/** @type {string} */ type) => el("input", { type: "checkbox", value: type, checked: chosen.includes(type), onchange: () => this.#count() });
    this.all = box(`${kind}.*`);
    this.each = types.map((type) => box(`${kind}.${type}`));
    this.count = el("span", { class: "tag" });
    this.element = el("details", null,
      el("summary", null, el("span", null, named(words, this.all.value)), this.count),
      el("div", { class: "stack tight" },
        line(this.all, words.say("endpoints.events.kind")),
        this.each.map((input) => line(input, named(words, input.value)))),
    );
    this.#count();
  }

  get patterns() {
    const each = this.each.filter((input) => input.checked).map((input) => input.value);
    return this.all.checked ? [this.all.value] : each;
  }

  #count() {
    for (const input of this.each) input.disabled = this.all.checked;
    const some = this.patterns.length;
    this.count.hidden = some === 0;
    this.count.textContent = this.all.checked ? this.words.say("endpoints.events.kind.short") : this.words.say("endpoints.events.count", { count: some, of: this.each.length });
  }
}

/** @param {HTMLInputElement} input @param {string} text */
function line(input, text) {
  return el("label", { class: "check" }, input, el("span", null, text));
}

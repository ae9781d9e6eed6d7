// @ts-check
// Asks which events are to be sent again: those since a while ago, or those with certain numbers.

import { Refusal } from "../api.js";
import { ask } from "../asking.js";
import { el } from "../dom.js";

/** How far back, in hours; as long as events are kept. */
const SINCE = /** @type {const} */ ({ hour: 1, day: 24, week: 168, month: 720 });

/** @typedef {{ from?: number, to?: number | undefined, since?: string }} Wish */

/**
 * @param {import("../words.js").Words} words
 * @param {(wish: Wish) => Promise<unknown>} work
 */
export function askForReplay(words, work) {
  const numbers = () => el("input", { inputmode: "numeric", autocomplete: "off", maxlength: "15" });
  const [from, to] = [numbers(), numbers()];
  const since = el("select", { value: "day" }, [...Object.keys(SINCE), "numbers"].map((name) => el("option", { value: name }, words.say(`endpoints.replay.${name}`))));
  const dialog = ask(words, {
    title: words.say("endpoints.replay"),
    text: words.say("endpoints.replay.text"),
    fields: [
      { name: "since", label: words.say("endpoints.replay.which"), control: since },
      { name: "from", label: words.say("endpoints.replay.from"), control: from, hint: words.say("endpoints.replay.from.hint") },
      { name: "to", label: words.say("endpoints.replay.to"), control: to, hint: words.say("endpoints.replay.to.hint") },
    ],
    act: words.say("endpoints.replay.act"),
    work: () => work(since.value === "numbers" ? { from: number(words, "from", from.value), ...(to.value.trim() && { to: number(words, "to", to.value) }) } : { since: ago(SINCE[/** @type {keyof typeof SINCE} */ (since.value)]) }),
  });
  const turn = () => {
    for (const control of [from, to]) /** @type {HTMLElement} */ (control.closest(".field")).hidden = since.value !== "numbers";
  };
  since.onchange = turn;
  turn();
  return dialog;
}

/**
 * @param {import("../words.js").Words} words
 * @param {string} field
 * @param {string} text
 */
function number(words, field, text) {
  const plain = text.trim();
  if (!/^[1-9]\d{0,14}$/.test(plain)) throw new Refusal(422, { type: "invalid-fields", errors: [{ field, message: words.say("endpoints.replay.number") }] });
  return Number(plain);
}

/** @param {number} hours */
function ago(hours) {
  return new Date(Date.now() - hours * 3_600_000).toISOString();
}

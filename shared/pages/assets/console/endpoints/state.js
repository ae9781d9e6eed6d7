// @ts-check
// How it is with an endpoint, in a word and in a sentence.

import { el } from "../dom.js";

/** @typedef {import("../endpoints.js").Endpoint} Endpoint */

/** Whether somebody other than an administrator switched it off. @param {Endpoint} endpoint */
export function isDisabled({ state }) {
  return state === "gone" || state === "failing";
}

/** @param {import("../words.js").Words} words @param {Endpoint} endpoint */
export function stateTag(words, endpoint) {
  const { state, failing_since: since, failing_percent: percent } = endpoint;
  if (isDisabled(endpoint)) return el("span", { class: "tag bad" }, words.say("endpoints.disabled"));
  if (state !== "on") return el("span", { class: "tag" }, words.say("endpoints.off"));
  if (since) return el("span", { class: "tag wait" }, percent > 0 ? words.say("endpoints.failing.percent", { share: words.percent(percent / 100) }) : words.say("endpoints.failing"));
  return el("span", { class: "tag good" }, words.say("endpoints.on"));
}

/** Why nothing arrives there, and what to do; `false` where everything does. @param {import("../words.js").Words} words @param {Endpoint} endpoint */
export function stateNotice(words, endpoint) {
  const { state, off_since: off, failing_since: since, failing_percent: percent } = endpoint;
  const said = (/** @type {string} */ mood, /** @type {string} */ key, /** @type {string | undefined} */ moment) =>
    el("p", { class: `notice ${mood}` }, words.say(key, { moment: moment ? words.moment(moment) : "", share: words.percent(percent / 100) }));
  if (state === "gone") return said("bad", "endpoints.state.gone", off);
  if (state === "failing") return said("bad", "endpoints.state.failing", off);
  if (state !== "on") return said("", "endpoints.state.off", off);
  return since !== undefined && said("wait", "endpoints.state.on_failing", since);
}

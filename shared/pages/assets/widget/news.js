// @ts-check
// What happened to the ticket's case, told once: to the page as events, to the technician as a notification.

import { isLive } from "./gist.js";

/**
 * @typedef {import("./api.js").View} View
 * @typedef {import("./api.js").Case} Case
 */

/**
 * Tells what is new.
 * @param {HTMLElement} element whose events the page hears
 * @param {View | undefined} before
 * @param {View} view
 * @param {import("./words.js").Words | undefined} words
 */
export function tell(element, before, view, words) {
  if (!before) return;
  const [old, now] = [before.case, view.case];
  const same = old?.id === now?.id;
  const happened = (/** @type {string} */ name, /** @type {Case} */ shown) =>
    element.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail: structuredClone(shown) }));
  if (now && isLive(now) && !(same && isLive(old))) happened("casebridge-opened", now);
  if (now?.online && !(same && old?.online)) {
    happened("casebridge-online", now);
    if (words) notify(now, view, words);
  }
  if (old && isLive(old) && !(same && isLive(now))) happened("casebridge-closed", same && now ? now : old);
}

/** @param {Case} shown @param {View} view @param {import("./words.js").Words} words */
function notify(shown, view, words) {
  if (!notifies() || (document.visibilityState === "visible" && document.hasFocus())) return;
  try {
    const { number, title } = view.ticket;
    // One for the case, however many pages show it.
    const note = new Notification(words.say("online.title", { name: shown.requester.name }), {
      body: words.say("notify.body", { number, title }), tag: `casebridge-${shown.id}-${shown.online_at}`, lang: words.language,
    });
    note.onclick = () => {
      window.focus();
      note.close();
    };
  } catch {
    // Some browsers of phones allow notifications from workers only.
  }
}

/** Whether the browser shows notifications of this page. */
export function notifies() {
  return "Notification" in window && Notification.permission === "granted";
}

/** Whether it may be asked to. Pages in frames of another origin may not. */
export function mayAsk() {
  if (!("Notification" in window) || Notification.permission !== "default" || !window.isSecureContext) return false;
  try {
    return window.top === window || window.top?.location.origin === location.origin;
  } catch {
    return false;
  }
}

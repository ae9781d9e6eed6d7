// @ts-check
// Pieces that several pages are made of.

import { Refusal, Unreachable } from "./api.js";
import { address, go } from "./address.js";
import { el } from "./dom.js";

/** @typedef {import("./words.js").Words} Words */

/** Drawings, 16 by 16. */
export const ICONS = {
  down: "M8 2v8m-3.5-3L8 10.5 11.5 7M3 13.5h10",
  print: "M4.5 6V2.5h7V6M4.5 12H3V6.5h10V12h-1.5M4.5 9.5h7v4h-7z",
  copy: "M5.5 5.5h7v8h-7zM10.5 5.5v-3h-7v8h2",
};

/**
 * What went wrong, in the words of who refused, and with what to do about it.
 * @param {Words} words
 * @param {unknown} error
 * @param {() => void} [again]
 */
export function trouble(words, error, again) {
  const [title, text] = explain(words, error);
  return el(
    "div",
    { class: "notice bad", role: "alert" },
    el("p", null, el("strong", null, title), " ", text),
    again && el("button", { class: "button", type: "button", onclick: again }, words.say("again")),
  );
}

/**
 * What it is, and what to do.
 * @param {Words} words
 * @param {unknown} error
 * @returns {[string, string]}
 */
export function explain(words, error) {
  if (error instanceof Unreachable) return [words.say("unreachable.title"), words.say("unreachable.text")];
  if (!(error instanceof Refusal)) return [words.say("failed.title"), String(error)];
  const known = `problem.${error.kind}`;
  if (words.has(known)) return [words.say(known), words.has(`${known}.fix`) ? words.say(`${known}.fix`) : ""];
  return [error.title || words.say("failed.title"), [error.detail, error.fix].filter(Boolean).join(" ")];
}

/** What the API says of a field, by what is in it. @type {[string, string][]} */
const FAULTS = [
  ["must not be missing", "fault.missing"],
  ["is refused by TeamViewer", "fault.token"],
  ["is no user of the TeamViewer company", "fault.outsider"],
  ["may not list users", "fault.ids"],
  ["was not given access", "fault.not_taken"],
  ["must be a mail address", "fault.address"],
  ["must be 1 to 1440 minutes", "fault.minutes"],
  ["must begin with https://", "fault.https"],
  ["must lead to an address of the public internet", "fault.public"],
  ["must not carry a user or a password", "fault.login"],
  ["must not have a fragment", "fault.fragment"],
  ["must be an address such as https://", "fault.url"],
  ["must be written in visible ASCII", "fault.url"],
  ["must have a host such as", "fault.url"],
  ["must have a port", "fault.url"],
  ["must have an IPv", "fault.url"],
];

/**
 * What is wrong with a field: in the reader's language where it is one of the usual things, else as the API says it.
 * @param {Words} words
 * @param {string} message
 */
export function fault(words, message) {
  const known = FAULTS.find(([part]) => message.includes(part));
  return known ? words.say(known[1]) : message;
}

/** Whether somebody went elsewhere while it was read. @param {unknown} error */
export function left(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

/**
 * A field that finds a session by its code.
 * @param {Words} words
 * @param {string} [code] that is looked for already
 */
export function finder(words, code = "") {
  const input = el("input", { type: "search", "aria-label": words.say("find.code"), placeholder: words.say("find.code"), autocomplete: "off", spellcheck: "false", maxlength: "20", value: code });
  const find = (/** @type {Event} */ event) => {
    event.preventDefault();
    const wish = input.value.trim();
    if (wish) go(address("records", { session_code: wish }));
  };
  return el("form", { class: "find", role: "search", onsubmit: find }, input);
}

/** Brings what is chosen in a row of links into sight, where the row is wider than the screen. @param {HTMLElement} row */
export function reveal(row) {
  const chosen = /** @type {HTMLElement | null} */ (row.querySelector("[aria-current]"));
  if (chosen && row.scrollWidth > row.clientWidth) row.scrollLeft += chosen.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - chosen.offsetWidth) / 2;
}

/**
 * Saves a file that was read.
 * @param {Blob} blob
 * @param {string} name
 */
export function save(blob, name) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  // The browser reads on after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * A button whose work is waited for: it can't be pressed twice, and says that it works.
 * @param {string} text
 * @param {Record<string, unknown>} props
 * @param {() => Promise<unknown>} work
 */
export function worker(text, props, work) {
  const button = el("button", { class: "button", type: "button", ...props }, text);
  button.onclick = async () => {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    try {
      await work();
    } finally {
      button.removeAttribute("aria-busy");
    }
  };
  return button;
}

/**
 * A button that opens a list below it; Escape and a press elsewhere close it.
 * @param {import("./dom.js").Child[]} label
 * @param {HTMLElement[]} items
 */
export function menu(label, items) {
  const details = el("details", { class: "menu" }, el("summary", { class: "button" }, label), el("div", { class: "items" }, items));
  const close = () => {
    details.open = false;
  };
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    close();
    details.querySelector("summary")?.focus();
  });
  details.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest(".items")) close();
  });
  details.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !details.contains(/** @type {Node} */ (event.relatedTarget))) close();
  });
  details.addEventListener("toggle", () => {
    const outside = (/** @type {Event} */ event) => {
      if (!details.contains(/** @type {Node} */ (event.target))) close();
      if (!details.open) document.removeEventListener("pointerdown", outside);
    };
    if (details.open) document.addEventListener("pointerdown", outside);
  });
  return details;
}

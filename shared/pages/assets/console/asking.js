// @ts-check
// Asks before something is done: a dialog with a few fields, which stays open until it is done or given up.

import { Refusal } from "./api.js";
import { el, fill } from "./dom.js";
import { fault, trouble, worker } from "./parts.js";

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string} label
 * @property {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} control
 * @property {string} [hint]
 *
 * @typedef {object} Shown a field that is made already, of whatever kind
 * @property {string} name
 * @property {HTMLElement} element
 * @property {HTMLElement} control what is gone to when something is wrong
 * @property {(message: string) => boolean} say what is wrong
 */

/**
 * @param {import("./words.js").Words} words
 * @param {object} wish
 * @param {string} wish.title
 * @param {string} [wish.text]
 * @param {(Field | Shown)[]} [wish.fields]
 * @param {string} wish.act what the button says
 * @param {boolean} [wish.danger]
 * @param {() => Promise<unknown>} wish.work
 * @param {(error: unknown) => import("./dom.js").Child[]} [wish.explain] what else is to be said of a refusal
 */
export function ask(words, { title, text, fields = [], act, danger = false, work, explain }) {
  const notices = el("div", { class: "notices" });
  const dialog = el("dialog", { class: "ask", "aria-labelledby": "ask-title" });
  const shown = fields.map((field) => ("element" in field ? field : shownField(field)));
  const done = worker(act, { class: danger ? "button full" : "button main", type: "submit" }, async () => {
    for (const field of shown) field.say("");
    fill(notices);
    try {
      await work();
      dialog.close();
    } catch (error) {
      const faults = error instanceof Refusal ? error.errors : [];
      const placed = faults.filter(({ field, message }) => shown.find((one) => one.name === field)?.say(fault(words, message)));
      if (placed.length === 0 || placed.length < faults.length) fill(notices, trouble(words, error), ...(explain?.(error) ?? []), ...faults.filter((fault) => !placed.includes(fault)).map(({ message }) => el("p", { class: "fault" }, fault(words, message))));
      else shown.find((one) => one.name === placed[0]?.field)?.control.focus();
    }
  });
  const submit = done.onclick;
  done.onclick = null;
  const form = el("form", { class: "body", method: "dialog", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    submit?.call(done, /** @type {any} */ (event));
  } },
    el("h2", { id: "ask-title" }, title),
    text && el("p", null, text),
    shown.map(({ element }) => element),
    notices,
    el("div", { class: "row end" }, el("button", { class: "button", type: "button", onclick: () => dialog.close() }, words.say("cancel")), done),
  );
  dialog.append(form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A field with its label, its hint and the place for what is wrong with it. @param {Field} field */
export function shownField({ name, label, control, hint }) {
  const id = `field-${name.replaceAll(/\W/g, "-")}`;
  control.id = id;
  control.setAttribute("name", name);
  control.setAttribute("aria-describedby", `${id}-fault${hint ? ` ${id}-hint` : ""}`);
  const wrong = el("p", { class: "fault", id: `${id}-fault` });
  return {
    name,
    control,
    element: el("div", { class: "field" }, el("label", { for: id }, label), control, wrong, hint && el("p", { class: "hint", id: `${id}-hint` }, hint)),
    /** @param {string} message */
    say(message) {
      wrong.textContent = message;
      if (message) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
      return true;
    },
  };
}

// @ts-check
// A field for a template: what is wrong in it is marked at its place, under the text as it is typed.

import { el, fill } from "../dom.js";

/** @typedef {{ key: string, values: Record<string, string | number>, line?: number, column?: number, length: number }} Fault */

/**
 * What the API says of a template, with its place.
 * @param {string} message
 * @returns {Fault}
 */
export function placed(message) {
  const place = /at line (\d+), column (\d+)/.exec(message);
  const name = /\{\{[^{}]*\}\}/.exec(message)?.[0];
  if (!place) return { key: "", values: { message }, length: 0 };
  const [line, column] = [Number(place[1]), Number(place[2])];
  const unclosed = message.includes("never closed");
  const key = unclosed ? "template.unclosed" : message.startsWith("unknown parameter") && name ? "template.unknown" : "";
  return { key, values: { message, name: name ?? "", line, column }, line, column, length: unclosed ? 2 : (name?.length ?? 1) };
}

export class Marked {
  /** @type {Fault[]} */
  #faults = [];

  /**
   * @param {import("../words.js").Words} words
   * @param {{ name: string, label: string, lines: number, longest: number, hint?: string }} about
   * @param {() => void} edited
   */
  constructor(words, { name, label, lines, longest, hint }, edited) {
    this.words = words;
    this.name = name;
    const id = `template-${name}`;
    this.control = el("textarea", {
      id, rows: String(lines), maxlength: String(longest), spellcheck: "true", "aria-describedby": `${id}-fault${hint ? ` ${id}-hint` : ""}`,
      oninput: () => {
        // A subject is one line.
        if (lines === 1 && this.control.value.includes("\n")) this.control.value = this.control.value.replaceAll(/\s*\n\s*/g, " ");
        this.mark([]);
        edited();
      },
      onscroll: () => this.#follow(),
    });
    this.under = el("div", { class: "under", "aria-hidden": "true" });
    this.fault = el("div", { class: "fault", id: `${id}-fault`, role: "alert" });
    this.element = el("div", { class: "field" }, el("label", { for: id }, label), el("div", { class: `marked ${lines === 1 ? "one" : ""}` }, this.under, this.control), this.fault, hint && el("p", { class: "hint", id: `${id}-hint` }, hint));
  }

  get value() {
    return this.control.value;
  }

  set value(value) {
    this.control.value = value;
    this.mark([]);
  }

  /** Puts a parameter where the cursor is. @param {string} parameter */
  insert(parameter) {
    this.control.focus();
    this.control.setRangeText(parameter, this.control.selectionStart, this.control.selectionEnd, "end");
    this.control.dispatchEvent(new Event("input"));
  }

  /** @param {Fault[]} faults */
  mark(faults) {
    if (faults.length === 0 && this.#faults.length === 0) return;
    this.#faults = faults;
    if (faults.length > 0) this.control.setAttribute("aria-invalid", "true");
    else this.control.removeAttribute("aria-invalid");
    const { value } = this.control;
    /** @type {import("../dom.js").Child[]} */
    const parts = [];
    let from = 0;
    for (const { start, end } of faults.flatMap((fault) => this.#range(fault) ?? []).sort((one, other) => one.start - other.start)) {
      if (start < from) continue;
      parts.push(value.slice(from, start), el("mark", null, value.slice(start, end)));
      from = end;
    }
    fill(this.under, ...parts, `${value.slice(from)}\n`);
    fill(this.fault, faults.map((fault) => el("p", null, fault.key ? this.words.say(fault.key, fault.values) : String(fault.values["message"]), fault.line !== undefined && el("button", { class: "link", type: "button", onclick: () => this.goThere(fault) }, this.words.say("template.show")))));
    this.#follow();
  }

  /** Selects what is wrong. @param {Fault} [fault] */
  goThere(fault = this.#faults[0]) {
    this.control.focus();
    const range = fault && this.#range(fault);
    if (range) this.control.setSelectionRange(range.start, range.end);
  }

  /** @param {Fault} fault */
  #range({ line, column, length }) {
    if (line === undefined || column === undefined) return undefined;
    const lines = this.control.value.split("\n");
    const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    // Columns count characters, not the units that the browser counts in.
    const start = before + [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
    return { start, end: Math.min(start + length, this.control.value.length) };
  }

  #follow() {
    this.under.scrollTop = this.control.scrollTop;
    this.under.scrollLeft = this.control.scrollLeft;
  }
}

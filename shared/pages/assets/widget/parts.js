// @ts-check
// The pieces that a scene is made of: facts, hints, buttons and drawings.

import { h } from "./dom.js";

/**
 * @typedef {import("./dom.js").Child} Child
 * @typedef {import("./scene.js").Known} Known
 * @typedef {import("./scene.js").Press} Press
 */

/** Makes pieces of one scene. */
export class Parts {
  /**
   * @param {Known} known
   * @param {Press} press
   */
  constructor(known, press) {
    this.known = known;
    this.words = known.words;
    this.press = press;
  }

  /** @param {string} key @param {string} label @param {Child[]} said */
  fact(key, label, said) {
    return h("div", { key, class: "fact" }, h("dt", null, label), h("dd", null, ...said));
  }

  /** @param {string} key */
  hint(key) {
    return h("p", { key, class: "hint" }, this.words.say(key));
  }

  bar() {
    return h("div", { key: "bar", class: "bar", "aria-hidden": "true" });
  }

  cancel() {
    return this.button("cancel", this.words.say("cancel"), { class: "quiet" });
  }

  /** @param {number} limit */
  slow(limit) {
    return this.known.now - this.known.since > limit;
  }

  /**
   * A button stays in reach of the keyboard while it can't be pressed.
   * @param {string} key
   * @param {string} label
   * @param {{ icon?: string, class?: string, type?: string, [attribute: string]: unknown }} [props]
   * @param {string} [text]
   */
  button(key, label, props = {}, text) {
    const { icon, class: kind = "", ...rest } = props;
    const { busy, network, access, waitUntil, now } = this.known;
    const opens = ["stop", "here", "hand"].includes(key) && access !== "gone";
    const local = opens || ["cancel", "dismiss", "notify", "renew"].includes(key) || key.startsWith("copy");
    const blocked = !local && (busy !== "" || network === "offline" || access === "gone" || waitUntil > now);
    return h("button", {
      key, type: "button", "data-press": key, "aria-disabled": blocked ? "true" : false, "aria-busy": busy === key ? "true" : false,
      onclick: rest.type === "submit" ? null : () => blocked || this.press(key, text),
      ...rest, class: `button ${kind}`,
    }, icon ? this.drawn(icon) : false, h("span", null, label));
  }

  /** @param {string} key @param {string} text @param {string} label */
  copy(key, text, label) {
    const done = this.known.copied === key;
    return this.icon(key, done ? "check" : "copy", label, text);
  }

  /** @param {string} key @param {string} icon @param {string} label @param {string} [text] */
  icon(key, icon, label, text) {
    return h("button", { key, type: "button", class: "icon", "data-press": key, "aria-label": label, title: label, onclick: () => this.press(key, text) },
      this.drawn(icon));
  }

  /** @param {string} key */
  submit(key) {
    return (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      this.press(key);
    };
  }

  escape() {
    return (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape") this.press("cancel");
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target instanceof HTMLTextAreaElement) {
        event.target.form?.requestSubmit();
      }
    };
  }

  /** @param {string} icon */
  drawn(icon) {
    return h("svg", { key: `icon ${icon}`, viewBox: "0 0 16 16", "aria-hidden": "true", class: `drawn ${icon}` }, h("path", { d: ICONS[icon] ?? "" }));
  }
}

/** Whether it is an address that may be opened. @param {string | undefined} link */
export function safe(link) {
  return /^https?:\/\//i.test(link ?? "");
}

/** Drawn with a line, in a field of 16. @type {Record<string, string>} */
const ICONS = {
  play: "M5 3.2v9.6L12.6 8z",
  stop: "M4 4h8v8H4z",
  camera: "M2 5h2.5L5.7 3.3h4.6L11.5 5H14v8H2zM8 11.2a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8z",
  screen: "M1.8 2.8h12.4v8H1.8zM5.5 13.4h5M8 10.8v2.6",
  globe: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM2 8h12M8 2c2.2 1.7 3.2 3.7 3.2 6S10.2 12.3 8 14C5.8 12.3 4.8 10.3 4.8 8S5.8 3.7 8 2z",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.3V2.5h-8v8h2.8",
  check: "M3 8.5l3.4 3.4L13 4.8",
  bell: "M3.5 11.5h9L11.3 9.7V7a3.3 3.3 0 0 0-6.6 0v2.7zM6.8 13.6h2.4",
  close: "M4 4l8 8M12 4l-8 8",
};

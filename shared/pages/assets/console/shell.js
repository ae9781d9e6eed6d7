// @ts-check
// What stands around every page: the account's name, the way to the other pages, language, sign-out; and what every page
// is given.

import { Api, signOut } from "./api.js";
import { address } from "./address.js";
import { el, fill } from "./dom.js";
import { reveal } from "./parts.js";
import { NAMES, choose } from "./words.js";

/**
 * @typedef {object} Desk what a page is given
 * @property {import("./api.js").Session} session
 * @property {Api} api
 * @property {import("./words.js").Words} words
 * @property {boolean} admin
 * @property {HTMLElement} main where it is shown
 * @property {AbortSignal} signal aborted once another page is shown
 * @property {(text: string) => void} announce says it to those who listen
 */

const MENU = ["sessions", "live", "connection", "mail", "endpoints", "settings"];
const OF_ADMINS = new Set(["connection", "mail", "endpoints", "settings"]);

export class Shell {
  /**
   * @param {import("./api.js").Session} session
   * @param {import("./words.js").Words} words
   * @param {{ admin: boolean }} may
   */
  constructor(session, words, { admin }) {
    this.session = session;
    this.words = words;
    this.admin = admin;
    this.api = new Api(session.account);
    this.main = /** @type {HTMLElement} */ (document.getElementById("main"));
    this.announcer = /** @type {HTMLElement} */ (document.getElementById("announcer"));
    document.documentElement.lang = words.locale;
    this.links = MENU.filter((name) => admin || !OF_ADMINS.has(name)).map((name) => this.#link(name));
    const skip = el("a", { class: "skip", href: "#main", onclick: (/** @type {Event} */ event) => { event.preventDefault(); this.main.focus(); } }, words.say("skip"));
    const languages = el(
      "select",
      { "aria-label": words.say("language"), class: "quiet", value: words.language, onchange: (/** @type {Event} */ event) => {
        choose(/** @type {import("./words.js").Language} */ (/** @type {HTMLSelectElement} */ (event.target).value));
        location.reload();
      } },
      Object.entries(NAMES).map(([tag, name]) => el("option", { value: tag, lang: tag }, name)),
    );
    const out = el("button", { class: "button quiet", type: "button", onclick: () => this.#signOut() }, words.say("sign_out"));
    fill(
      /** @type {HTMLElement} */ (document.getElementById("top")),
      skip,
      el("span", { class: "account", title: session.account_name }, session.account_name),
      this.nav = el("nav", { "aria-label": words.say("menu") }, this.links),
      el("div", { class: "aside" }, el("span", { class: "who", title: session.name }, session.name), languages, out),
    );
  }

  /** @param {string} name */
  #link(name) {
    return el("a", { href: address(name), "data-page": name }, this.words.say(`menu.${name}`));
  }

  /** One more page: it comes last, so that nothing in the menu moves. @param {string} name */
  offer(name) {
    if (this.links.some((link) => link.dataset["page"] === name)) return;
    const link = this.#link(name);
    if (this.main.dataset["page"] === name) link.setAttribute("aria-current", "page");
    this.links.push(link);
    this.nav.append(link);
    reveal(this.nav);
  }

  /**
   * Turns to a page: the last one is gone, the menu knows, and who listens hears its title.
   * @param {string} name
   * @param {string} title
   * @param {AbortSignal} signal
   * @param {boolean} first whether it is the first since the console was opened
   * @returns {Desk}
   */
  turn(name, title, signal, first) {
    const said = this.words.say(title);
    document.title = `${said} · ${this.session.account_name}`;
    for (const link of this.links) {
      const here = link.dataset["page"] === name || (name === "records" && link.dataset["page"] === "sessions");
      if (here) link.setAttribute("aria-current", name === "records" ? "true" : "page");
      else link.removeAttribute("aria-current");
    }
    reveal(this.nav);
    fill(this.main);
    this.main.dataset["page"] = name;
    if (!first) {
      scrollTo(0, 0);
      this.main.focus({ preventScroll: true });
      this.announce(said);
    }
    return {
      session: this.session, api: this.api, words: this.words, admin: this.admin, main: this.main, signal,
      announce: (text) => this.announce(text),
    };
  }

  /** @param {string} text */
  announce(text) {
    this.announcer.textContent = text;
  }

  /** A page could not be fetched. @param {() => void} again */
  lost(again) {
    this.#message("unreachable.title", "unreachable.text", el("button", { class: "button main", type: "button", onclick: again }, this.words.say("again")));
  }

  /** The session is over: nothing more can be read. */
  signedOut() {
    this.#message("signed_out.title", "signed_out.text");
  }

  async #signOut() {
    try {
      await signOut();
    } catch {
      // A session that is over already is what was wanted; one that is not ends by its time.
    }
    this.signedOut();
  }

  /**
   * @param {string} title
   * @param {string} text
   * @param {...import("./dom.js").Child} more
   */
  #message(title, text, ...more) {
    fill(this.main, el("div", { class: "message", role: "alert" }, el("h1", null, this.words.say(title)), el("p", null, this.words.say(text)), ...more));
  }
}

// @ts-check
// Endpoints: the addresses that the account's events are sent to; each is a page of its own, with what was sent there of late.

import { address, go } from "./address.js";
import { el, fill } from "./dom.js";
import { summary } from "./endpoints/catalogue.js";
import { askForEndpoint } from "./endpoints/form.js";
import { EndpointPage } from "./endpoints/one.js";
import { showSecret } from "./endpoints/secret.js";
import { stateTag } from "./endpoints/state.js";
import { left, trouble } from "./parts.js";

export const title = "menu.endpoints";

/**
 * @typedef {object} Endpoint
 * @property {string} id
 * @property {string} url
 * @property {string[]} events patterns; none: all
 * @property {string | null} description
 * @property {"on" | "off" | "gone" | "failing"} state
 * @property {string} [off_since]
 * @property {string} [failing_since]
 * @property {number} failing_percent
 * @property {"hmac" | "ed25519"} signing
 * @property {string} [public_key]
 * @property {string} [former_secret_until]
 * @property {string} made_at
 */

/** @param {import("./shell.js").Desk} desk */
export function open(desk) {
  return new Endpoints(desk);
}

class Endpoints {
  /** @type {AbortController | undefined} */
  #shown;

  /** @param {import("./shell.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
  }

  /** @param {Record<string, string>} query */
  update({ endpoint }) {
    this.#shown?.abort();
    this.#shown = new AbortController();
    const desk = { ...this.desk, signal: AbortSignal.any([this.desk.signal, this.#shown.signal]) };
    if (endpoint) new EndpointPage(desk, endpoint).read();
    else new EndpointList(desk).read();
  }
}

/** All of them. */
class EndpointList {
  /** @param {import("./shell.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    const { words } = desk;
    this.notices = el("div", { class: "notices" });
    this.list = el("div", { class: "stack", "aria-busy": "true" });
    fill(
      desk.main,
      el("div", { class: "head" },
        el("h1", null, words.say("menu.endpoints")),
        el("button", { class: "button main", type: "button", onclick: () => this.#add() }, words.say("endpoints.add"))),
      el("p", { class: "dim" }, words.say("endpoints.text")),
      this.notices,
      this.list,
    );
  }

  async read() {
    const { api, words, signal } = this.desk;
    try {
      /** @type {{ items: Endpoint[] }} */
      const { items } = await api.get("/endpoints", {}, signal);
      fill(this.notices);
      fill(this.list, items.length === 0
        ? el("p", { class: "card dim nothing" }, words.say("endpoints.none"))
        : el("ul", { class: "card lines entries" }, items.map((endpoint) => this.#entry(endpoint))));
      this.list.removeAttribute("aria-busy");
    } catch (error) {
      if (!left(error)) fill(this.notices, trouble(words, error, () => this.read()));
    }
  }

  /** @param {Endpoint} endpoint */
  #entry(endpoint) {
    const { words } = this.desk;
    const { id, url, description, events } = endpoint;
    return el("li", null,
      el("div", { class: "of" },
        el("a", { class: "name", href: address("endpoints", { endpoint: id }) }, description ?? url),
        description !== null && el("p", { class: "over" }, url),
        el("p", { class: "over" }, summary(words, events))),
      stateTag(words, endpoint),
    );
  }

  #add() {
    askForEndpoint(this.desk, undefined, (made) => {
      const there = () => go(address("endpoints", { endpoint: made.id }));
      const { secret } = made;
      if (secret === undefined) there();
      else showSecret(this.desk, { ...made, secret }, there);
    });
  }
}

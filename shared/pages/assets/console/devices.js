// @ts-check
// Managed devices: what was reported of them, page by page; each opens a sheet that says whether a session can be started,
// and starts it. Where somebody asks for help at one, that stands above them.

import { address, go } from "./address.js";
import { DeviceQueue } from "./devices/queue.js";
import { DeviceSheet } from "./devices/sheet.js";
import { el, fill } from "./dom.js";
import { left, trouble, worker } from "./parts.js";

export const title = "menu.devices";

/** How many are asked for at once. */
const LIMIT = "50";

/** How many are wanted before it is asked whether there shall be more, and how long they are looked for, in milliseconds. */
const [ENOUGH, PATIENCE] = [25, 10_000];

/** What may stand in the address, and what the API takes there. @type {Record<string, string[]>} */
const FILTERS = { platform: ["android", "ios"], mode: ["attended", "unattended"] };

/**
 * @typedef {object} Device
 * @property {string} device its id
 * @property {Facts} facts
 * @property {string} reported_at
 *
 * @typedef {object} Facts what is not known is left out
 * @property {"android" | "ios"} platform
 * @property {string} [name]
 * @property {string} [os_version]
 * @property {string} [maker]
 * @property {string} [model]
 * @property {string} [management]
 * @property {string} [kiosk]
 * @property {{ installed?: boolean, distributed?: boolean }} [quicksupport]
 * @property {{ installed?: boolean, distributed?: boolean, teamviewer_id?: string }} [host]
 * @property {{ name: string, email?: string }} [requester]
 */

/** @param {import("./shell.js").Desk} desk */
export function open(desk) {
  return new Devices(desk);
}

class Devices {
  /** @type {AbortController | undefined} */
  #reading;
  /** @type {Record<string, string>} */
  #query = {};
  #shown = "";
  /** @type {Device[]} */
  #devices = [];
  /** @type {string | undefined} */
  #next;

  /** @param {import("./shell.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    const { words } = desk;
    this.filters = Object.entries(FILTERS).map(([name, values]) => {
      const control = el("select", { onchange: () => go(address("devices", { ...this.#query, device: undefined, [name]: control.value || undefined })) },
        el("option", { value: "" }, words.say(`devices.${name}.any`)), values.map((value) => el("option", { value }, words.say(`${name}.${value}`))));
      return { name, control, element: el("label", { class: "field" }, el("span", null, words.say(`devices.${name}`)), control) };
    });
    this.notices = el("div", { class: "notices" });
    this.list = el("div", { class: "scroller card list", role: "region", "aria-label": words.say("menu.devices"), tabindex: "0" });
    this.more = worker(words.say("records.more"), {}, () => this.#read());
    this.more.hidden = true;
    this.sheet = new DeviceSheet(desk, () => go(address("devices", { ...this.#query, device: undefined }), { replace: true }));
    this.queue = new DeviceQueue(desk, (device) => go(address("devices", { ...this.#query, device })));
    fill(
      desk.main,
      el("div", { class: "head" }, el("h1", null, words.say("menu.devices"))),
      this.queue.element,
      el("div", { class: "filters" }, this.filters.map(({ element }) => element)),
      this.notices,
      this.list,
      el("div", { class: "row" }, this.more),
      this.sheet.element,
    );
  }

  /** @param {Record<string, string>} query */
  update(query) {
    this.#query = query;
    for (const { name, control } of this.filters) control.value = this.#asked()[name] ?? "";
    const asked = JSON.stringify(this.#asked());
    if (asked !== this.#shown) {
      this.#shown = asked;
      this.#begin();
    }
    this.sheet.turn(query["device"]);
    this.queue.look();
  }

  #asked() {
    return Object.fromEntries(Object.entries(FILTERS).map(([name, values]) => [name, values.find((value) => value === this.#query[name])]));
  }

  #begin() {
    this.#reading?.abort();
    this.#devices = [];
    this.#next = undefined;
    this.more.hidden = true;
    fill(this.list, el("p", { class: "dim nothing" }, this.desk.words.say("records.searching")));
    fill(this.notices);
    return this.#read();
  }

  /** Reads on until there is something to show: a page may be short, or empty, though more follow. */
  async #read() {
    const reading = new AbortController();
    this.#reading = reading;
    const signal = AbortSignal.any([reading.signal, this.desk.signal]);
    const { api, words } = this.desk;
    const seen = this.#devices.length;
    const until = performance.now() + PATIENCE;
    this.list.setAttribute("aria-busy", "true");
    try {
      do {
        const page = await api.get("/devices", { ...this.#asked(), limit: LIMIT, cursor: this.#next }, signal);
        this.#devices.push(...page.items);
        this.#next = page.next ?? undefined;
      } while (this.#next && this.#devices.length < seen + ENOUGH && performance.now() < until);
      this.#draw();
      this.desk.announce(words.say(this.#next ? "devices.read.more" : "devices.read", { count: this.#devices.length }));
      if (seen > 0) /** @type {HTMLElement | null} */ (this.list.querySelectorAll("tbody button")[seen])?.focus();
    } catch (error) {
      if (left(error)) return;
      this.#draw();
      fill(this.notices, trouble(words, error, () => this.#begin()));
    } finally {
      if (this.#reading === reading) {
        this.list.removeAttribute("aria-busy");
        this.more.hidden = this.#next === undefined;
      }
    }
  }

  #draw() {
    const { words } = this.desk;
    if (this.#devices.length === 0) {
      fill(this.list, el("p", { class: "dim nothing" }, words.say("devices.none")));
      return;
    }
    const column = (/** @type {string} */ name) => el("th", { scope: "col" }, words.say(`devices.${name}`));
    fill(this.list, el("table", { class: "full records" },
      el("thead", null, el("tr", null, column("device"), column("platform"), column("model"), column("user"), column("apps"), column("reported"))),
      el("tbody", null, this.#devices.map((device) => this.#row(device))),
    ));
  }

  /** @param {Device} device */
  #row({ device: id, facts, reported_at: reported }) {
    const { words } = this.desk;
    const open = () => go(address("devices", { ...this.#query, device: id }));
    const unknown = () => el("span", { class: "dim" }, "–");
    const model = [facts.maker, facts.model].filter(Boolean).join(" ");
    const apps = [[facts.quicksupport, "mode.attended"], [facts.host, "mode.unattended"]];
    return el("tr", null,
      el("th", { scope: "row" }, el("button", { class: "plain", type: "button", onclick: open, "aria-haspopup": "dialog" }, facts.name !== undefined && el("span", { class: "over" }, id), el("span", { class: "name" }, facts.name ?? id))),
      el("td", null, [words.say(`platform.${facts.platform}`), facts.os_version].filter(Boolean).join(" ")),
      el("td", null, model || unknown()),
      el("td", null, facts.requester?.name ?? unknown()),
      el("td", null, apps.map(([app, key]) => has(app) && el("span", { class: "tag" }, words.say(String(key))))),
      el("td", { class: "moment" }, words.moment(reported)),
    );
  }
}

/** Whether an app is on the device, or is given to it. @param {unknown} app */
function has(app) {
  const { installed, distributed } = /** @type {{ installed?: boolean, distributed?: boolean }} */ (app ?? {});
  return installed === true || distributed === true;
}

// @ts-check
// Managed devices: what was reported of them, page by page; each opens a sheet that says whether a session can be started,
// and starts it. Where somebody asks for help at one, that stands above them.

import { address, go, leave } from "./address.js";
import { DeviceQueue } from "./devices/queue.js";
import { DeviceSheet } from "./devices/sheet.js";
import { el, fill } from "./dom.js";
import { Listing } from "./listing.js";

export const title = "menu.devices";

/** How many are asked for at once. */
const LIMIT = "50";

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
  /** @type {Record<string, string>} */
  #query = {};
  #shown = "";

  /** @param {import("./shell.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    const { words } = desk;
    this.filters = Object.entries(FILTERS).map(([name, values]) => {
      const control = el("select", { onchange: () => go(address("devices", { ...this.#query, device: undefined, [name]: control.value || undefined })) },
        el("option", { value: "" }, words.say(`devices.${name}.any`)), values.map((value) => el("option", { value }, words.say(`${name}.${value}`))));
      return { name, control, element: el("label", { class: "field" }, el("span", null, words.say(`devices.${name}`)), control) };
    });
    /** @type {Listing<Device>} */
    this.list = new Listing(desk, { label: words.say("menu.devices"), path: "/devices", said: "devices.read", draw: () => this.#table() });
    this.sheet = new DeviceSheet(desk, () => leave("devices", "device"));
    this.queue = new DeviceQueue(desk, (device) => go(address("devices", { ...this.#query, device })));
    fill(
      desk.main,
      el("div", { class: "head" }, el("h1", null, words.say("menu.devices"))),
      this.queue.element,
      el("div", { class: "filters" }, this.filters.map(({ element }) => element)),
      ...this.list.elements,
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
      this.list.begin({ ...this.#asked(), limit: LIMIT });
    }
    this.sheet.turn(query["device"]);
    this.queue.look();
  }

  #asked() {
    return Object.fromEntries(Object.entries(FILTERS).map(([name, values]) => [name, values.find((value) => value === this.#query[name])]));
  }

  #table() {
    const { words } = this.desk;
    if (this.list.items.length === 0) return words.say("devices.none");
    const column = (/** @type {string} */ name) => el("th", { scope: "col" }, words.say(`devices.${name}`));
    return el("table", { class: "full records" },
      el("thead", null, el("tr", null, column("device"), column("platform"), column("model"), column("user"), column("apps"), column("reported"))),
      el("tbody", null, this.list.items.map((device) => this.#row(device))),
    );
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

// @ts-check
// An account's settings: how customers see it, who is told, and what is asked of technicians.

import { Refusal } from "./api.js";
import { shownField } from "./asking.js";
import { el, fill } from "./dom.js";
import { fault, left, trouble, worker } from "./parts.js";
import { NAMES } from "./words.js";

export const title = "menu.settings";

/** The largest logo that is kept, in bytes. */
const LOGO = 64 * 1024;

/** The colour without one of the account's own. */
const COLOUR = "#1d5fd1";

/**
 * @typedef {object} Account
 * @property {string} name
 * @property {string} time_zone
 * @property {string} language
 * @property {{ technician: boolean, others: string[], without_technician: string[] }} told
 * @property {number} [request_lifetime_minutes] how long somebody who asks for help waits
 * @property {"optional" | "required"} [note]
 * @property {"block" | "warn" | "close_idle" | "allow_with_reason"} [close_guard]
 * @property {"page" | "direct"} [customer_link]
 * @property {{ name?: string, colour?: string, logo?: string }} [branding]
 */

/** @typedef {{ element: HTMLElement, name: string, control: HTMLElement, say: (message: string) => boolean }} Shown */

/** @param {import("./shell.js").Desk} desk */
export function open(desk) {
  return new Settings(desk);
}

class Settings {
  /** @param {import("./shell.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.notices = el("div", { class: "notices" });
    this.body = el("div", { class: "stack" });
    fill(desk.main, el("div", { class: "head" }, el("h1", null, desk.words.say("menu.settings"))), this.notices, this.body);
  }

  update() {
    this.#read();
  }

  async #read() {
    const { api, words, signal } = this.desk;
    try {
      /** @type {Account} */
      const account = await api.get("", {}, signal);
      fill(this.body, this.#general(account), account.branding && this.#branding(account), this.#told(account), account.request_lifetime_minutes !== undefined && this.#requests(account), (account.note || account.close_guard) && this.#policies(account));
    } catch (error) {
      if (!left(error)) fill(this.notices, trouble(words, error, () => this.#read()));
    }
  }

  /** @param {Account} account */
  #general(account) {
    const { words } = this.desk;
    const name = el("input", { value: account.name, maxlength: "100", required: true });
    const language = el("select", { value: account.language }, Object.entries(NAMES).map(([tag, text]) => el("option", { value: tag, lang: tag }, text)));
    const zones = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
    const zone = el("select", null, [...new Set([account.time_zone, "UTC", ...zones])].sort().map((id) => el("option", { value: id }, id)));
    zone.value = account.time_zone;
    const fields = [
      shownField({ name: "name", label: words.say("settings.name"), control: name }),
      shownField({ name: "language", label: words.say("settings.language"), control: language, hint: words.say("settings.language.hint") }),
      shownField({ name: "time_zone", label: words.say("settings.zone"), control: zone, hint: words.say("settings.zone.hint") }),
    ];
    return this.#section("settings.general", "settings.general.text", fields, () => ({ name: name.value.trim(), language: language.value, time_zone: zone.value }));
  }

  /** @param {Account} account */
  #branding(account) {
    const { words } = this.desk;
    const branding = account.branding ?? {};
    const name = el("input", { value: branding.name ?? "", maxlength: "100", placeholder: account.name });
    const colour = el("input", { type: "color", value: branding.colour ?? COLOUR });
    /** What was chosen: nothing yet, a picture, or that there shall be none. @type {string | undefined} */
    let logo;
    let touched = false;
    colour.oninput = () => {
      touched = true;
      show();
    };
    name.oninput = () => show();
    const file = el("input", { type: "file", accept: "image/png,image/jpeg" });
    const sample = el("div", { class: "sample", "aria-hidden": "true" });
    const show = () => {
      const picture = logo ?? branding.logo;
      const button = el("span", { class: "button" }, words.say("settings.branding.sample"));
      button.style.background = colour.value;
      button.style.borderColor = colour.value;
      button.style.color = readable(colour.value);
      fill(sample, picture ? el("img", { src: picture, alt: "" }) : false, el("strong", null, name.value.trim() || account.name), button);
    };
    const fields = [
      shownField({ name: "branding.name", label: words.say("settings.branding.name"), control: name, hint: words.say("settings.branding.name.hint") }),
      shownField({ name: "branding.colour", label: words.say("settings.branding.colour"), control: colour }),
      shownField({ name: "branding.logo", label: words.say("settings.branding.logo"), control: file, hint: words.say("settings.branding.logo.hint", { size: LOGO / 1024 }) }),
    ];
    file.onchange = async () => {
      const chosen = file.files?.[0];
      fields[2]?.say("");
      if (!chosen) return;
      if (chosen.size > LOGO) {
        fields[2]?.say(words.say("settings.branding.logo.large", { size: LOGO / 1024 }));
        file.value = "";
        return;
      }
      logo = await dataUrl(chosen);
      show();
    };
    const none = el("button", { class: "button quiet", type: "button", onclick: () => {
      logo = "";
      file.value = "";
      branding.logo = undefined;
      show();
    } }, words.say("settings.branding.logo.none"));
    const direct = el("select", { value: account.customer_link ?? "page" }, ["page", "direct"].map((value) => el("option", { value }, words.say(`settings.link.${value}`))));
    fields.push(shownField({ name: "customer_link", label: words.say("settings.link"), control: direct, hint: words.say("settings.link.hint") }));
    show();
    return this.#section("settings.branding", "settings.branding.text", fields, () => ({
      branding: { name: name.value.trim(), ...((touched || branding.colour) && { colour: colour.value }), ...(logo !== undefined && { logo }) },
      ...(account.customer_link && { customer_link: direct.value }),
    }), el("div", { class: "row" }, sample, none));
  }

  /** @param {Account} account */
  #told({ told }) {
    const { words } = this.desk;
    const technician = el("input", { type: "checkbox", checked: told.technician });
    const others = el("textarea", { rows: "3", value: told.others.join("\n"), spellcheck: "false" });
    const without = el("textarea", { rows: "3", value: told.without_technician.join("\n"), spellcheck: "false" });
    const lines = (/** @type {HTMLTextAreaElement} */ control) => control.value.split(/[\s,;]+/).filter(Boolean);
    const fields = [
      shownField({ name: "told.others", label: words.say("settings.told.others"), control: others, hint: words.say("settings.told.lines") }),
      shownField({ name: "told.without_technician", label: words.say("settings.told.without"), control: without, hint: words.say("settings.told.lines") }),
    ];
    return this.#section("settings.told", "settings.told.text", fields, () => ({ told: { technician: technician.checked, others: lines(others), without_technician: lines(without) } }),
      el("label", { class: "check" }, technician, el("span", null, words.say("settings.told.technician"))));
  }

  /** @param {Account} account */
  #requests(account) {
    const { words } = this.desk;
    const minutes = el("input", { type: "number", min: "1", max: "1440", step: "1", value: String(account.request_lifetime_minutes) });
    const fields = [shownField({ name: "request_lifetime_minutes", label: words.say("settings.requests.lifetime"), control: minutes, hint: words.say("settings.requests.lifetime.hint") })];
    // Whatever is no whole number is refused in the same words as one that is too large.
    return this.#section("settings.requests", "settings.requests.text", fields, () => ({ request_lifetime_minutes: Number.isInteger(minutes.valueAsNumber) ? minutes.valueAsNumber : 0 }));
  }

  /** @param {Account} account */
  #policies(account) {
    const { words } = this.desk;
    const note = el("input", { type: "checkbox", checked: account.note === "required" });
    const guards = ["block", "warn", "close_idle", "allow_with_reason"].map((guard) => {
      const input = el("input", { type: "radio", name: "close_guard", value: guard, checked: account.close_guard === guard });
      return { input, label: el("label", { class: "check" }, input, el("span", null, words.say(`settings.guard.${guard}`), el("span", { class: "hint" }, words.say(`settings.guard.${guard}.hint`)))) };
    });
    return this.#section("settings.policies", "settings.policies.text", [], () => ({ note: note.checked ? "required" : "optional", close_guard: guards.find(({ input }) => input.checked)?.input.value }),
      el("label", { class: "check" }, note, el("span", null, words.say("settings.note"), el("span", { class: "hint" }, words.say("settings.note.hint")))),
      el("fieldset", { class: "stack tight" }, el("legend", { class: "label" }, words.say("settings.guard")), guards.map(({ label }) => label)));
  }

  /**
   * A section that is saved by itself.
   * @param {string} key its title
   * @param {string} about
   * @param {Shown[]} fields
   * @param {() => Record<string, unknown>} wish
   * @param {...HTMLElement} more
   */
  #section(key, about, fields, wish, ...more) {
    const { words, api } = this.desk;
    const notices = el("div", { class: "notices" });
    const save = worker(words.say("save"), {}, async () => {
      fill(notices);
      for (const field of fields) field.say("");
      try {
        await api.write("PATCH", "", wish());
        fill(notices, el("p", { class: "notice good" }, words.say("saved")));
        this.desk.announce(words.say("saved"));
      } catch (error) {
        const faults = error instanceof Refusal ? error.errors : [];
        // Of a list, the place is named too: `told.others[2]`.
        const unplaced = faults.filter(({ field, message }) => !fields.find((one) => field === one.name || field.startsWith(`${one.name}[`))?.say(fault(words, message)));
        if (faults.length === 0) fill(notices, trouble(words, error));
        else fill(notices, unplaced.map(({ message }) => el("p", { class: "fault" }, fault(words, message))));
      }
    });
    return el("section", { class: "card stack" }, el("h2", null, words.say(key)), el("p", { class: "dim" }, words.say(about)), more, fields.map(({ element }) => element), notices, el("div", { class: "row" }, save));
  }
}

/** Black or white, whichever reads better on a colour. @param {string} colour */
function readable(colour) {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
}

/** @param {File} file @returns {Promise<string>} */
function dataUrl(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}

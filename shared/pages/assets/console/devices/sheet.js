// @ts-check
// One device: what is known of it, whether a session can be started in each mode, and starting it.

import { Refusal } from "../api.js";
import { address } from "../address.js";
import { el, fill } from "../dom.js";
import { left, trouble, worker } from "../parts.js";

/**
 * @typedef {{ code: string, kind: string, title: string, fix: string, facts?: string[] }} Finding
 * @typedef {{ possible: boolean, view_only: boolean, findings: Finding[] }} ModeReadiness
 * @typedef {"attended" | "unattended"} Mode
 *
 * @typedef {object} Readiness
 * @property {ModeReadiness} attended
 * @property {ModeReadiness} unattended
 * @property {{ used: number, limit?: number }} unattended_licences
 *
 * @typedef {object} Started the case of a device
 * @property {string} state
 * @property {string} [session_code]
 * @property {string} [supporter_link]
 * @property {{ link: string }} [host]
 * @property {string} valid_until
 * @property {{ id: string, name: string }} [technician]
 * @property {{ mode: Mode, view_only: boolean }} device
 */

/** @type {readonly Mode[]} */
const MODES = ["attended", "unattended"];

/** How findings of a kind are shown. @type {Record<string, string>} */
const MOODS = { blocks: "bad", limits_to_viewing: "wait", will_ask: "wait", unknown: "" };

export class DeviceSheet {
  /** @type {string | undefined} */
  #id;

  /**
   * @param {import("../shell.js").Desk} desk
   * @param {() => void} closed
   */
  constructor(desk, closed) {
    this.desk = desk;
    this.body = el("div", { class: "body" });
    this.element = el("dialog", { class: "sheet", "aria-labelledby": "device-title" }, this.body);
    this.element.addEventListener("close", () => {
      if (this.#id) closed();
    });
    this.element.addEventListener("click", (event) => {
      if (event.target === this.element) this.element.close();
    });
  }

  /** Opens a device's sheet, or closes what is open. @param {string | undefined} wish */
  async turn(wish) {
    if (wish === this.#id) return;
    this.#id = wish;
    if (!wish) {
      if (this.element.open) this.element.close();
      return;
    }
    const { words } = this.desk;
    fill(this.body, this.#head(wish), el("p", { class: "dim" }, words.say("devices.looking")));
    if (!this.element.open) this.element.showModal();
    await this.#look(wish);
  }

  /** @param {string} id */
  async #look(id) {
    const { api, words, signal } = this.desk;
    const path = `/devices/${encodeURIComponent(id)}`;
    try {
      const [device, readiness] = await Promise.all([api.get(path, {}, signal), api.get(`${path}/readiness`, { language: words.language }, signal)]);
      if (this.#id === id) this.#show(device, readiness);
    } catch (error) {
      if (!left(error) && this.#id === id) fill(this.body, this.#head(id), trouble(words, error, () => this.#look(id)));
    }
  }

  /** @param {string} title @param {string} [over] */
  #head(title, over) {
    return el("header", null,
      el("div", null, over !== undefined && el("p", { class: "over" }, over), el("h2", { id: "device-title" }, title)),
      el("button", { class: "button quiet", type: "button", onclick: () => this.element.close() }, this.desk.words.say("close")),
    );
  }

  /**
   * @param {import("../devices.js").Device} device
   * @param {Readiness} readiness
   */
  #show({ device: id, facts, reported_at: reported }, readiness) {
    const { words } = this.desk;
    const fact = (/** @type {string} */ key, /** @type {string | undefined} */ value) => value && el("div", null, el("dt", null, words.say(`devices.${key}`)), el("dd", null, value));
    fill(
      this.body,
      this.#head(facts.name ?? id, facts.name === undefined ? undefined : id),
      el("dl", { class: "facts" },
        fact("platform", [words.say(`platform.${facts.platform}`), facts.os_version].filter(Boolean).join(" ")),
        fact("model", [facts.maker, facts.model].filter(Boolean).join(" ")),
        fact("management", facts.management && words.say(`management.${facts.management}`)),
        fact("kiosk", facts.kiosk && facts.kiosk !== "none" ? words.say(`kiosk.${facts.kiosk}`) : undefined),
        fact("user", facts.requester?.name),
        fact("host", facts.host?.teamviewer_id),
        fact("reported", words.moment(reported)),
      ),
      ...MODES.map((mode) => this.#mode(id, mode, readiness)),
    );
  }

  /** @param {string} id @param {Mode} mode @param {Readiness} readiness */
  #mode(id, mode, { [mode]: found, unattended_licences: licences }) {
    const { words, session } = this.desk;
    const [mood, said] = !found.possible ? ["bad", "ready.not"] : found.view_only ? ["wait", "ready.view_only"] : ["good", "ready.yes"];
    const after = el("div", { class: "notices", role: "status" });
    const start = (/** @type {string} */ key, /** @type {string} */ kind, /** @type {typeof session.technician} */ technician) =>
      worker(words.say(key), { class: `button ${kind}` }, () => this.#start(id, mode, technician, after));
    return el("section", { class: "form", "aria-label": words.say(`mode.${mode}`) },
      el("div", { class: "head" }, el("h3", null, words.say(`mode.${mode}`)), el("p", { class: `tag ${mood}` }, words.say(said))),
      el("p", { class: "hint" }, words.say(`mode.${mode}.text`)),
      mode === "unattended" && el("p", { class: "hint" }, licences.limit === undefined ? words.say("devices.licences", { used: licences.used }) : words.say("devices.licences.of", { used: licences.used, limit: licences.limit })),
      found.findings.length > 0 && findingList(words, found.findings),
      found.possible && el("div", { class: "row" },
        start("devices.start", "main", session.technician),
        session.technician && start("devices.start.queue", "", undefined)),
      after,
    );
  }

  /**
   * Starts a session, or finds the one that is live.
   * @param {string} id
   * @param {Mode} mode
   * @param {{ id: string, name: string, email?: string } | undefined} technician none: it waits in the team's queue
   * @param {HTMLElement} after where it is told
   */
  async #start(id, mode, technician, after) {
    const { api, words } = this.desk;
    fill(after);
    try {
      /** @type {Started} */
      const started = await api.write("POST", `/devices/${encodeURIComponent(id)}/case`, { mode, ...(technician && { technician }) });
      fill(after, this.#started(started));
      this.desk.announce(words.say("devices.started"));
    } catch (error) {
      if (left(error)) return;
      const findings = error instanceof Refusal && Array.isArray(error.body["findings"]) ? error.body["findings"] : [];
      fill(after, trouble(words, error), findings.length > 0 && findingList(words, findings));
    }
  }

  /** @param {Started} started */
  #started({ session_code: code, supporter_link: supporter, host, valid_until: until, technician, device }) {
    const { words } = this.desk;
    const link = host?.link ?? supporter;
    const fact = (/** @type {string} */ key, /** @type {import("../dom.js").Child} */ value) => value && el("div", null, el("dt", null, words.say(key)), el("dd", null, value));
    return el("div", { class: "notice good tall" },
      el("p", null, el("strong", null, words.say("devices.started")), " ", device.view_only ? words.say("devices.started.view_only") : ""),
      el("dl", { class: "facts" },
        fact("records.code", code && el("span", { class: "code" }, code)),
        fact("technician", technician?.name ?? words.say("live.queue")),
        fact("live.until", words.moment(until)),
      ),
      el("div", { class: "row" },
        link && el("a", { class: "button main", href: link, target: "_blank", rel: "noopener noreferrer" }, words.say("live.connect")),
        el("a", { class: "button", href: address("live") }, words.say("menu.live")),
      ),
    );
  }
}

/** What blocks, limits or will ask, each with its mend. @param {import("../words.js").Words} words @param {Finding[]} findings */
function findingList(words, findings) {
  return el("ul", { class: "lines findings" }, findings.map(({ kind, title, fix, facts = [] }) => el("li", null,
    el("span", { class: `tag ${MOODS[kind] ?? ""}` }, words.has(`finding.${kind}`) ? words.say(`finding.${kind}`) : kind),
    el("div", null, el("strong", null, title), facts.length > 0 && el("p", { class: "dim" }, words.list(facts)), el("p", null, fix)),
  )));
}

// @ts-check
// One session: its times and its ticket; its note can be changed, and whether it counts.

import { el, fill } from "../dom.js";
import { left, trouble, worker } from "../parts.js";

/**
 * @typedef {object} SessionRecord
 * @property {string} case
 * @property {{ id: string, number: string, title: string, category?: string, type?: string, priority?: string, source?: string }} [ticket]
 * @property {{ id: string, name: string }} [device] instead of a ticket
 * @property {{ id: string, name: string }} [technician]
 * @property {string} [session_code]
 * @property {string} session_type
 * @property {string} started_at
 * @property {string} [picked_up_at]
 * @property {string} [online_at]
 * @property {string} ended_at
 * @property {string} outcome
 * @property {string} [ended_by]
 * @property {string} [reason]
 * @property {number} [duration_seconds]
 * @property {number} [waiting_seconds]
 * @property {string} [note]
 * @property {{ at: string, reason?: string }} [excluded]
 */

/** The longest note and reason that are kept. */
const LONGEST = "2000";

export class RecordDialog {
  /** @type {SessionRecord | undefined} */
  #record;

  /**
   * @param {import("../shell.js").Desk} desk
   * @param {{ changed: (record: SessionRecord) => void, closed: () => void }} tell
   */
  constructor(desk, tell) {
    this.desk = desk;
    this.tell = tell;
    this.body = el("div", { class: "body" });
    this.element = el("dialog", { class: "sheet", "aria-labelledby": "record-title" }, this.body);
    this.element.addEventListener("close", () => {
      if (this.#record) tell.closed();
    });
    this.element.addEventListener("click", (event) => {
      if (event.target === this.element) this.element.close();
    });
  }

  /**
   * Opens a session's sheet, or closes what is open.
   * @param {string | undefined} wish
   * @param {SessionRecord[]} known
   */
  async turn(wish, known) {
    if (wish === this.#record?.case) return;
    this.#record = undefined;
    if (!wish) {
      if (this.element.open) this.element.close();
      return;
    }
    try {
      this.#show(known.find((record) => record.case === wish) ?? (await this.desk.api.get(`/reports/sessions/records/${encodeURIComponent(wish)}`, {}, this.desk.signal)));
    } catch (error) {
      if (left(error)) return;
      fill(this.body, el("h2", { id: "record-title" }, this.desk.words.say("record.title")), trouble(this.desk.words, error), this.#closer());
    }
    if (!this.element.open) this.element.showModal();
  }

  /** @param {SessionRecord} record */
  #show(record) {
    this.#record = record;
    const { words } = this.desk;
    const { ticket, device } = record;
    const fact = (/** @type {string} */ key, /** @type {import("../dom.js").Child} */ value) => value && el("div", null, el("dt", null, words.say(key)), el("dd", null, value));
    const length = (/** @type {number | undefined} */ seconds) => seconds !== undefined && words.duration(seconds);
    const pickUp = record.picked_up_at && (Date.parse(record.picked_up_at) - Date.parse(record.started_at)) / 1000;
    fill(
      this.body,
      el("header", null,
        el("div", null, el("p", { class: "over" }, ticket?.number), el("h2", { id: "record-title" }, ticket?.title ?? device?.name)),
        this.#closer(),
      ),
      el("dl", { class: "facts" },
        fact("records.code", record.session_code && el("span", { class: "code" }, record.session_code)),
        fact("records.technician", record.technician?.name ?? words.say("nothing.technician")),
        fact("record.started", words.exactly(record.started_at)),
        fact("record.picked_up", typeof pickUp === "number" && words.say("record.after", { moment: words.time(record.picked_up_at ?? ""), duration: words.duration(pickUp) })),
        fact("record.online", record.online_at ? words.say("record.after", { moment: words.time(record.online_at), duration: words.duration(record.waiting_seconds ?? 0) }) : words.say("figure.never_joined")),
        fact("record.ended", `${words.exactly(record.ended_at)}, ${words.say(record.reason ? `ended.${record.reason}` : "ended.expired")}`),
        fact("records.duration", length(record.duration_seconds)),
        fact("record.kind", words.say(record.session_type === "pilot" ? "kind.pilot" : "kind.default")),
        fact("dimension.category", ticket?.category), fact("dimension.type", ticket?.type),
        fact("dimension.priority", ticket?.priority), fact("dimension.source", ticket?.source),
      ),
      this.#noteForm(record),
      this.#countForm(record),
    );
  }

  #closer() {
    return el("button", { class: "button quiet", type: "button", onclick: () => this.element.close() }, this.desk.words.say("close"));
  }

  /** @param {SessionRecord} record */
  #noteForm(record) {
    const { words } = this.desk;
    const text = el("textarea", { id: "record-note", rows: "3", maxlength: LONGEST, value: record.note ?? "" });
    const faults = el("div", { class: "notices" });
    const keep = worker(words.say("record.note.save"), {}, () => this.#change(record, { note: text.value.trim() || null }, "record.note.saved", faults));
    return el("section", { class: "form" }, el("label", { for: "record-note" }, words.say("record.note")), text, faults, el("div", { class: "row" }, keep));
  }

  /** @param {SessionRecord} record */
  #countForm(record) {
    const { words } = this.desk;
    const faults = el("div", { class: "notices" });
    if (record.excluded) {
      const back = worker(words.say("record.include"), {}, () => this.#change(record, { excluded: false }, "record.included", faults));
      return el("section", { class: "form" }, el("p", null, el("span", { class: "tag bad" }, words.say("figure.excluded")), " ", words.say("record.excluded.since", { moment: words.moment(record.excluded.at) }), record.excluded.reason ? ` ${record.excluded.reason}` : ""), faults, el("div", { class: "row" }, back));
    }
    const reason = el("input", { id: "record-reason", maxlength: LONGEST, autocomplete: "off" });
    const out = worker(words.say("record.exclude"), { class: "button danger" }, () => this.#change(record, { excluded: true, ...(reason.value.trim() && { reason: reason.value.trim() }) }, "record.excluded", faults));
    return el("details", { class: "form" }, el("summary", null, words.say("record.exclude.title")), el("p", { class: "hint" }, words.say("record.exclude.hint")), el("label", { for: "record-reason" }, words.say("record.exclude.reason")), reason, faults, el("div", { class: "row" }, out));
  }

  /**
   * @param {SessionRecord} record
   * @param {Record<string, unknown>} change
   * @param {string} done what is said then
   * @param {HTMLElement} faults
   */
  async #change(record, change, done, faults) {
    try {
      const changed = await this.desk.api.write("PATCH", `/reports/sessions/records/${encodeURIComponent(record.case)}`, change);
      this.#show(changed);
      this.tell.changed(changed);
      this.desk.announce(this.desk.words.say(done));
      this.body.querySelector("header")?.after(el("p", { class: "notice good" }, this.desk.words.say(done)));
    } catch (error) {
      fill(faults, trouble(this.desk.words, error));
    }
  }
}

// @ts-check
// The sessions behind a number, or with a code: page by page, each with its times, its note, and whether it counts.

import { Refusal } from "./api.js";
import { address, go, leave } from "./address.js";
import { addDays, areDays } from "./days.js";
import { el, fill, icon } from "./dom.js";
import { Listing } from "./listing.js";
import { ICONS, explain, finder, save, trouble, worker } from "./parts.js";
import { RecordDialog } from "./records/dialog.js";

export const title = "records.title";

/** What a number may have counted. */
const COUNTED = ["sessions", "closed", "expired", "joined", "never_joined", "excluded"];

/** What the sessions may have in common, as it is asked for. */
const FACTS = ["technician", "category", "type", "priority", "source"];

/** What the API is asked for, of what may stand in the address. */
const ASKED = ["from", "to", ...FACTS, "without", "counted", "counted_without_facts", "session_code"];

/** @typedef {import("./records/dialog.js").SessionRecord} SessionRecord */

/** @param {import("./shell.js").Desk} desk */
export function open(desk) {
  return new Records(desk);
}

class Records {
  /** @type {Record<string, string>} */
  #query = {};
  #shown = "";

  /** @param {import("./shell.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    const { words } = desk;
    this.back = el("a", { href: address("sessions") }, words.say("menu.sessions"));
    this.heading = el("h1", null, words.say("records.title"));
    this.chips = el("ul", { class: "chips", "aria-label": words.say("records.filters") });
    this.count = el("p", { class: "dim" });
    this.search = el("span");
    /** @type {Listing<SessionRecord>} */
    this.list = new Listing(desk, { label: words.say("records.title"), path: "/reports/sessions/records", said: "records.read", draw: (searching) => this.#table(searching), begun: (signal) => this.#expect(signal), explain: faults });
    this.dialog = new RecordDialog(desk, {
      changed: (record) => this.#changed(record),
      closed: () => leave("records", "case"),
    });
    const table = worker(words.say("csv"), {}, () => this.#download());
    table.prepend(icon(ICONS.down));
    fill(
      desk.main,
      el("nav", { class: "crumbs", "aria-label": words.say("records.where") }, this.back, el("span", { "aria-hidden": "true" }, "›"), el("span", { "aria-current": "page" }, words.say("records.title"))),
      el("div", { class: "head" }, this.heading, el("div", { class: "row actions" }, this.search, table)),
      el("div", { class: "row" }, this.chips, this.count),
      ...this.list.elements,
      this.dialog.element,
    );
  }

  /** @param {Record<string, string>} query */
  update(query) {
    this.#query = query;
    const asked = JSON.stringify(this.#asked());
    if (asked !== this.#shown) {
      this.#shown = asked;
      this.count.textContent = "";
      this.list.begin(this.#asked());
      this.#describe();
    }
    this.dialog.turn(query["case"], this.list.items);
  }

  #asked() {
    return Object.fromEntries(ASKED.map((name) => [name, this.#query[name]]));
  }

  /**
   * How many there are, by the report: nobody looks on for more.
   * @param {AbortSignal} signal
   */
  async #expect(signal) {
    const count = await expected(this.desk.api, this.#query, signal).catch(() => undefined);
    if (signal.aborted || count === undefined) return;
    this.list.expected = count;
    this.count.textContent = this.desk.words.say("records.count", { count });
  }

  /** @param {boolean} searching */
  #table(searching) {
    const { words } = this.desk;
    if (this.list.items.length === 0) return words.say(searching ? "records.searching" : this.#query["session_code"] ? "records.no_code" : "records.none");
    this.#nameTechnician();
    const column = (/** @type {string} */ name, number = false) => el("th", { scope: "col", class: number ? "number" : null }, words.say(`records.${name}`));
    return el("table", { class: "full records" },
      el("thead", null, el("tr", null, column("ticket"), column("code"), column("technician"), column("ended"), column("duration", true), column("waiting", true), column("remarks"))),
      el("tbody", null, this.list.items.map((record) => this.#row(record))),
    );
  }

  /** @param {SessionRecord} record */
  #row(record) {
    const { words } = this.desk;
    const open = () => go(address("records", { ...this.#query, case: record.case }));
    return el("tr", { class: record.excluded ? "out" : null },
      el("th", { scope: "row" }, el("button", { class: "plain", type: "button", onclick: open, "aria-haspopup": "dialog" }, el("span", { class: "over" }, record.ticket?.number), el("span", { class: "name" }, record.ticket?.title ?? record.device?.name))),
      el("td", { class: "code" }, record.session_code),
      el("td", null, record.technician?.name ?? el("span", { class: "dim" }, words.say("nothing.technician"))),
      el("td", { class: "moment" }, words.moment(record.ended_at)),
      el("td", { class: "number" }, record.duration_seconds === undefined ? el("span", { class: "tag wait" }, words.say("outcome.expired")) : words.duration(record.duration_seconds)),
      el("td", { class: "number" }, record.waiting_seconds === undefined ? el("span", { class: "tag" }, words.say("figure.never_joined")) : words.duration(record.waiting_seconds)),
      el("td", null, record.excluded && el("span", { class: "tag bad" }, words.say("figure.excluded")), record.note && el("span", { class: "note", title: record.note }, record.note)),
    );
  }

  /** What is listed, as it can be taken back piece by piece. */
  #describe() {
    const { words } = this.desk;
    const query = this.#query;
    const summary = { from: query["from"], to: query["to"], technician: query["technician"], without: query["without"]?.split(",").includes("technician") ? "technician" : undefined };
    this.back.setAttribute("href", address("sessions", query["from"] ? summary : {}));
    const counted = COUNTED.find((name) => name === query["counted"]);
    this.heading.textContent = query["session_code"] ? words.say("records.with_code", { code: query["session_code"] }) : words.say(counted ? `records.of.${counted}` : "records.title");
    fill(this.search, finder(words, query["session_code"]));
    const chip = (/** @type {string} */ text, /** @type {Record<string, string | undefined>} */ without) =>
      el("li", null, el("span", null, text), el("a", { href: address("records", { ...query, case: undefined, ...without }), "aria-label": words.say("records.without", { what: text }) }, "×"));
    const days = { from: query["from"] ?? "", to: query["to"] ?? "" };
    const missing = (query["without"] ?? "").split(",").filter((name) => FACTS.includes(name));
    fill(
      this.chips,
      areDays(days) && el("li", { class: "fixed" }, words.days(days.from, addDays(days.to, -1))),
      FACTS.map((name) => query[name] && chip(words.say("pair", { name: words.say(`dimension.${name}`), value: (name === "technician" ? this.#technicianName() : undefined) ?? query[name] ?? "" }), { [name]: undefined })),
      missing.map((name) => chip(words.say(`nothing.${name}`), { without: missing.filter((other) => other !== name).join(",") })),
    );
  }

  #technicianName() {
    const { technician } = this.#query;
    return this.list.items.find((record) => record.technician?.id === technician)?.technician?.name;
  }

  #nameTechnician() {
    if (this.#query["technician"] && this.#technicianName()) this.#describe();
  }

  /** @param {SessionRecord} record */
  #changed(record) {
    const nth = this.list.items.findIndex((other) => other.case === record.case);
    if (nth < 0) return;
    this.list.items[nth] = record;
    this.list.show();
  }

  async #download() {
    const { api, words, announce } = this.desk;
    try {
      save(await api.table("/reports/sessions/records", this.#asked()), `sessions${this.#query["from"] ? `-${this.#query["from"]}` : ""}.csv`);
      announce(words.say("csv.saved", { name: "CSV" }));
    } catch (error) {
      fill(this.list.notices, trouble(words, error));
      announce(explain(words, error).join(" "));
    }
  }
}

/** Which fields were refused, and why. @param {unknown} error */
function faults(error) {
  const wrong = error instanceof Refusal && error.errors.map((fault) => `${fault.field}: ${fault.message}`).join("; ");
  return wrong && el("p", { class: "fault" }, wrong);
}

/**
 * How many sessions the report counts there, where it counts them at all: it knows no two facts together.
 * @param {import("./api.js").Api} api
 * @param {Record<string, string>} query
 * @param {AbortSignal} signal
 * @returns {Promise<number | undefined>}
 */
async function expected(api, query, signal) {
  const missing = (query["without"] ?? "").split(",").filter(Boolean);
  const facts = FACTS.filter((name) => name !== "technician" && (query[name] !== undefined || missing.includes(name)));
  if (!query["from"] || query["session_code"] || query["counted_without_facts"] || facts.length > 1) return undefined;
  const [by] = facts;
  const without = missing.includes("technician") ? "technician" : undefined;
  const report = await api.get("/reports/sessions", { from: query["from"], to: query["to"], technician: query["technician"], without, group_by: by }, signal);
  if (report.elsewhere) return undefined;
  const figures = by ? report.groups.find((/** @type {any} */ group) => (group.value ?? undefined) === query[by]) : report.total;
  const counted = COUNTED.find((name) => name === query["counted"]);
  if (!figures) return 0;
  return counted ? figures[counted] : figures.sessions + figures.excluded;
}

// @ts-check
// The range of days and the technician. Choosing changes the address, and the address everything else.

import { address, go } from "../address.js";
import { RANGES, addDays, areDays, isDay } from "../days.js";
import { el, fill } from "../dom.js";

/** The choice of those sessions that had no technician. */
const NOBODY = " ";

export class Filters {
  /** @type {Record<string, string>} */
  #query = {};
  /** @type {import("./fetching.js").Wish} */
  #wish = { from: "", to: "" };
  /** @type {Map<string, string>} */
  #technicians = new Map();

  /** @param {import("../shell.js").Desk} desk */
  constructor({ words }) {
    this.words = words;
    this.ranges = RANGES.map((range) => {
      const radio = el("input", { type: "radio", name: "range", value: range, onchange: () => this.#choose({ range, from: undefined, to: undefined }) });
      return { radio, label: el("label", null, radio, el("span", null, words.say(`range.${range}`))) };
    });
    this.from = el("input", { type: "date", onchange: () => this.#chooseDays() });
    this.last = el("input", { type: "date", onchange: () => this.#chooseDays() });
    this.fault = el("p", { class: "fault", id: "days-fault", role: "alert" });
    this.technician = el("select", { onchange: () => this.#chooseTechnician() });
    this.said = el("p", { class: "said" });
    this.element = el("div", { class: "filters" },
      el("fieldset", { class: "segments" }, el("legend", { class: "unseen" }, words.say("range")), this.ranges.map(({ label }) => label)),
      el("label", { class: "field" }, el("span", null, words.say("range.from")), this.from),
      el("label", { class: "field" }, el("span", null, words.say("range.last")), this.last),
      el("label", { class: "field" }, el("span", null, words.say("technician")), this.technician),
      this.fault,
      this.said,
    );
  }

  /**
   * @param {import("./fetching.js").Wish} wish
   * @param {string | undefined} range
   * @param {Record<string, string>} query
   */
  show(wish, range, query) {
    this.#query = query;
    this.#wish = wish;
    for (const { radio } of this.ranges) radio.checked = radio.value === range;
    this.from.value = wish.from;
    this.last.value = addDays(wish.to, -1);
    this.#accept(true);
    this.#showTechnicians();
    const who = wish.without ? this.words.say("technician.nobody") : wish.technician ? (this.#technicians.get(wish.technician) ?? wish.technician) : this.words.say("technician.everyone");
    fill(this.said, this.words.say("report.of", { days: this.words.days(wish.from, addDays(wish.to, -1)), who, zone: this.words.zone }));
  }

  /** Those who can be chosen. @param {import("./fetching.js").Group[]} groups */
  know(groups) {
    const named = groups.flatMap(({ value, name }) => (value === null ? [] : [/** @type {[string, string]} */ ([value, name ?? value])]));
    this.#technicians = new Map(named.sort(([, one], [, other]) => one.localeCompare(other, this.words.locale)));
    const { technician } = this.#wish;
    this.show(this.#wish, this.ranges.find(({ radio }) => radio.checked)?.radio.value, this.#query);
    if (technician) this.technician.value = technician;
  }

  #showTechnicians() {
    const { technician, without } = this.#wish;
    const known = [...this.#technicians];
    if (technician && !this.#technicians.has(technician)) known.unshift([technician, technician]);
    fill(
      this.technician,
      el("option", { value: "" }, this.words.say("technician.everyone")),
      known.map(([id, name]) => el("option", { value: id }, name)),
      el("option", { value: NOBODY }, this.words.say("technician.nobody")),
    );
    this.technician.value = without ? NOBODY : (technician ?? "");
  }

  #chooseDays() {
    const last = this.last.value;
    if (!isDay(this.from.value) || !isDay(last)) return;
    const days = { from: this.from.value, to: addDays(last, 1) };
    this.#accept(areDays(days));
    if (areDays(days)) this.#choose({ ...days, range: undefined });
  }

  #chooseTechnician() {
    const wish = this.technician.value;
    this.#choose(wish === NOBODY ? { technician: undefined, without: "technician" } : { technician: wish || undefined, without: undefined });
  }

  /** @param {boolean} fine */
  #accept(fine) {
    for (const input of [this.from, this.last]) {
      if (fine) {
        input.removeAttribute("aria-invalid");
        input.removeAttribute("aria-describedby");
      } else {
        input.setAttribute("aria-invalid", "true");
        input.setAttribute("aria-describedby", "days-fault");
      }
    }
    this.fault.textContent = fine ? "" : this.words.say("range.wrong");
  }

  /** @param {Record<string, string | undefined>} change */
  #choose(change) {
    go(address("sessions", { ...this.#query, ...change }));
  }
}

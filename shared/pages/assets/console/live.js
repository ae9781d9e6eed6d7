// @ts-check
// What is live now: the team's queue, and who helps whom. Looked at again every few seconds while the page is seen.

import { Refusal } from "./api.js";
import { ask } from "./asking.js";
import { addDays, today } from "./days.js";
import { el, fill, icon } from "./dom.js";
import { ICONS, left, trouble } from "./parts.js";
import { inTurn, minutes } from "./waiting.js";

export const title = "menu.live";

/** Between two looks, in milliseconds. */
const PAUSE = 5_000;

/** Cases read at most; more than these live at once are said, not listed. */
const MOST = "100";

/** The longest note that is kept. */
const LONGEST = "2000";

/**
 * @typedef {object} Case
 * @property {string} id
 * @property {string} [ticket] its id
 * @property {string} [ticket_number]
 * @property {string} [ticket_title]
 * @property {{ id: string, name: string }} [device] instead of a ticket
 * @property {string} state
 * @property {boolean} online
 * @property {string} [session_code]
 * @property {{ link: string }} [host]
 * @property {string} [supporter_link]
 * @property {string} [webclient_supporter_link]
 * @property {{ asked_at: string, until?: string, note?: string }} [request] somebody asked for help
 * @property {string} started_at
 * @property {string} valid_until
 * @property {string} [online_at]
 * @property {{ state: string, at: string }} [invitation]
 * @property {{ id: string, name: string, email?: string }} [technician]
 * @property {{ name: string, email?: string }} requester
 * @property {string} [problem]
 * @property {string} session_type
 */

/**
 * What is said of a ticket's case, or the same of a device's.
 * @param {import("./shell.js").Desk["words"]} words
 * @param {string} key
 * @param {Case} one
 * @param {Record<string, string>} [more]
 */
function says(words, key, one, more = {}) {
  return one.device ? words.say(`${key}.device`, { ...more, device: one.device.name }) : words.say(key, { ...more, ticket: one.ticket_number ?? one.ticket ?? "" });
}

/** @param {import("./shell.js").Desk} desk */
export function open(desk) {
  return new Live(desk);
}

class Live {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #seen = "";
  /** @type {Case[]} */
  #cases = [];

  /** @param {import("./shell.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    const { words } = desk;
    this.notices = el("div", { class: "notices" });
    this.queue = el("div", { class: "cases" });
    this.taken = el("div", { class: "cases" });
    this.at = el("p", { class: "dim" }, "\u2007");
    fill(
      desk.main,
      el("div", { class: "head" }, el("h1", null, words.say("menu.live")), this.at),
      this.notices,
      el("section", { class: "group" }, el("h2", null, words.say("live.queue")), el("p", { class: "dim" }, words.say("live.queue.text")), this.queue),
      el("section", { class: "group" }, el("h2", null, words.say("live.taken")), this.taken),
    );
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#look(), { signal: desk.signal });
    desk.signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  update() {
    this.#look();
  }

  async #look() {
    clearTimeout(this.#timer);
    const { api, words, signal } = this.desk;
    try {
      const page = await api.get("/cases", { state: "live", limit: MOST }, signal);
      fill(this.notices, page.next && el("p", { class: "notice wait" }, words.say("live.more", { count: Number(MOST) })));
      this.at.textContent = words.say("live.at", { time: words.time(new Date().toISOString()) });
      this.#show(page.items);
    } catch (error) {
      if (left(error)) return;
      fill(this.notices, trouble(words, error));
    }
    if (document.visibilityState === "visible" && !signal.aborted) this.#timer = setTimeout(() => this.#look(), PAUSE);
  }

  /** @param {Case[]} cases */
  #show(cases) {
    // Who waits does so a minute longer each minute.
    const seen = JSON.stringify([cases, cases.map((one) => one.state === "asked" && minutes(one))]);
    if (seen === this.#seen) return;
    const came = cases.filter((one) => one.online && this.#cases.some((before) => before.id === one.id && !before.online));
    const asks = cases.filter((one) => one.state === "asked" && !this.#cases.some((before) => before.id === one.id));
    const first = this.#seen === "";
    this.#seen = seen;
    this.#cases = cases;
    const focus = document.activeElement?.getAttribute("data-focus");
    const none = (/** @type {string} */ key) => el("p", { class: "card dim nothing" }, this.desk.words.say(key));
    const [queue, taken] = [inTurn(cases.filter((one) => !one.technician)), cases.filter((one) => one.technician)];
    fill(this.queue, queue.length > 0 ? queue.map((one) => this.#card(one)) : none("live.queue.none"));
    fill(this.taken, taken.length > 0 ? taken.map((one) => this.#card(one)) : none("live.taken.none"));
    if (focus) /** @type {HTMLElement | null} */ (this.desk.main.querySelector(`[data-focus="${CSS.escape(focus)}"]`))?.focus();
    if (first) this.desk.announce(this.desk.words.say("live.count", { count: cases.length }));
    else for (const one of came) this.desk.announce(this.desk.words.say("live.online.now", { name: one.requester.name }));
    if (!first) for (const one of asks) this.desk.announce(this.desk.words.say("live.asked.now", { name: one.requester.name }));
  }

  /** @param {Case} one */
  #card(one) {
    const { words } = this.desk;
    const refused = one.problem === "token_refused";
    const asked = one.state === "asked";
    const [mood, state] = asked ? ["wait", "live.asked"] : one.state === "opening" ? ["", "live.opening"] : one.state === "closing" ? ["wait", "live.closing"] : one.online ? ["good", "live.online"] : ["wait", one.online_at ? "live.left" : "live.waiting"];
    const press = (/** @type {string} */ name, /** @type {string} */ text, /** @type {() => void} */ act, kind = "") =>
      el("button", { class: `button ${kind}`, type: "button", "data-focus": `${name} ${one.id}`, "aria-label": says(words, "live.act", one, { act: text }), onclick: act }, text);
    const link = (/** @type {string | undefined} */ href, /** @type {string} */ key, kind = "") =>
      href && el("a", { class: `button ${kind}`, href, target: "_blank", rel: "noopener noreferrer", "data-focus": `${key} ${one.id}` }, words.say(key));
    const open = one.state === "open" && !refused;
    return el("article", { class: `card case ${mood}`, "aria-label": says(words, "live.ticket", one) },
      el("header", null,
        one.ticket_title
          ? el("div", { class: "of" }, el("p", { class: "over" }, says(words, "live.ticket", one)), el("h3", null, one.ticket_title))
          : el("h3", null, says(words, "live.ticket", one)),
        el("p", { class: `tag ${mood}` }, words.say(state)),
      ),
      el("dl", { class: "facts" },
        fact(words.say("live.requester"), one.requester.name),
        fact(words.say("technician"), one.technician?.name ?? words.say("live.nobody")),
        one.session_code && fact(words.say("records.code"), el("span", { class: "code" }, one.session_code), el("button", { class: "copy", type: "button", "aria-label": words.say("copy.code"), "data-focus": `copy ${one.id}`, onclick: () => this.#copy(one.session_code ?? "") }, icon(ICONS.copy))),
        one.request?.note && fact(words.say("live.asked.note"), one.request.note),
        asked && fact(words.say("live.asked.waiting"), words.duration(minutes(one) * 60)),
        fact(words.say(asked ? "live.asked.since" : "record.started"), words.moment(one.started_at)),
        fact(words.say(asked ? "live.asked.until" : "live.until"), words.moment(one.valid_until)),
        one.invitation && fact(words.say("live.invitation"), words.say(`invitation.${one.invitation.state}`)),
        one.session_type === "pilot" && fact(words.say("record.kind"), words.say("kind.pilot")),
      ),
      refused && el("p", { class: "notice bad" }, words.say("live.refused")),
      el("div", { class: "row" },
        open && link(one.supporter_link, "live.connect", one.online ? "main" : ""),
        open && link(one.host?.link, "live.connect", "main"),
        open && link(one.webclient_supporter_link, "live.connect.web"),
        (one.state === "open" || asked) && !one.technician && this.desk.session.technician && press("take", words.say("live.take"), () => this.#take(one), "main"),
        (one.state === "open" || asked) && press("hand", words.say(one.technician ? "live.hand" : "live.assign"), () => this.#hand(one)),
        open && one.requester.email && press("mail", words.say("live.mail"), () => this.#mail(one)),
        asked && press("withdraw", words.say("live.withdraw"), () => this.#withdraw(one), "danger"),
        one.state !== "opening" && !asked && press("stop", words.say(refused ? "live.stop.here" : "live.stop"), () => this.#stop(one, refused), "danger"),
      ),
    );
  }

  /** @param {string} code */
  async #copy(code) {
    const { words, announce } = this.desk;
    const done = await navigator.clipboard?.writeText(code).then(() => true, () => false);
    announce(words.say(done ? "copied" : "copy.failed"));
  }

  /**
   * @param {Case} one
   * @param {boolean} hereOnly TeamViewer can't be told
   */
  #stop(one, hereOnly) {
    const { words, api } = this.desk;
    const note = el("textarea", { rows: "3", maxlength: LONGEST });
    ask(words, {
      title: says(words, "live.stop.title", one),
      text: words.say(hereOnly ? "live.stop.here.text" : "live.stop.text"),
      fields: [{ name: "note", label: words.say("record.note"), control: note, hint: words.say("live.stop.note") }],
      act: words.say(hereOnly ? "live.stop.here" : "live.stop"),
      danger: true,
      work: async () => {
        await api.write("POST", `/cases/${one.id}/close`, { ...(note.value.trim() && { note: note.value.trim() }), ...(hereOnly && { here_only: true }) });
        this.desk.announce(words.say("live.stopped"));
        this.#look();
      },
    });
  }

  /** Whoever asked does not need help any more. @param {Case} one */
  #withdraw(one) {
    const { words, api } = this.desk;
    ask(words, {
      title: says(words, "live.withdraw.title", one),
      text: words.say("live.withdraw.text", { name: one.requester.name }),
      act: words.say("live.withdraw"),
      danger: true,
      work: async () => {
        await api.write("POST", `/cases/${one.id}/withdraw`, {});
        this.desk.announce(words.say("live.withdrawn"));
        this.#look();
      },
      explain: (error) => [this.#quicker(error)],
    });
  }

  /** @param {Case} one */
  #mail(one) {
    const { words, api } = this.desk;
    ask(words, {
      title: words.say("live.mail"),
      text: words.say("live.mail.text", { address: one.requester.email ?? "" }),
      act: words.say("live.mail"),
      work: async () => {
        await api.write("POST", `/cases/${one.id}/invitation`, {});
        this.desk.announce(words.say("live.mailed"));
        this.#look();
      },
    });
  }

  /** Takes a case from the queue: of two who do, the first one has it. @param {Case} one */
  async #take(one) {
    const { words, session } = this.desk;
    try {
      await this.#give(one, session.technician);
      this.desk.announce(words.say("live.handed"));
      await this.#look();
    } catch (error) {
      if (left(error)) return;
      await this.#look();
      fill(this.notices, trouble(words, error), this.#quicker(error));
    }
  }

  /**
   * Of two who take a case from the queue, the first one has it. One that somebody asks for gets its session by that.
   * @param {Case} one
   * @param {{ id: string, name: string, email?: string } | undefined} technician none: the team's queue
   */
  #give(one, technician) {
    const { api } = this.desk;
    if (one.state === "asked") return api.write("POST", `/cases/${one.id}/take`, { technician });
    return api.write("POST", `/cases/${one.id}/technician`, { technician: technician ?? null, ...(!one.technician && { if_unassigned: true }) });
  }

  /** Who was quicker. @param {unknown} error */
  #quicker(error) {
    return error instanceof Refusal && error.kind === "case-taken" && el("p", null, this.desk.words.say("live.taken.by", { name: String(error.body["technician"]?.name ?? "") }));
  }

  /** @param {Case} one */
  async #hand(one) {
    const { words } = this.desk;
    const known = await this.#technicians();
    const control = el("select", null, known.filter(({ id }) => id !== one.technician?.id).map(({ id, name }) => el("option", { value: id }, name)), one.technician && el("option", { value: "" }, words.say("live.queue")));
    if (control.options.length === 0) control.append(el("option", { value: "", disabled: true }, words.say("live.hand.none")));
    ask(words, {
      title: says(words, one.technician ? "live.hand.title" : "live.assign.title", one),
      fields: [{ name: "technician", label: words.say("technician"), control, hint: words.say("live.hand.hint") }],
      act: words.say(one.technician ? "live.hand" : "live.assign"),
      work: async () => {
        const chosen = known.find(({ id }) => id === control.value);
        await this.#give(one, chosen);
        this.desk.announce(words.say("live.handed"));
        this.#look();
      },
      explain: (error) => [this.#quicker(error)],
    });
  }

  /** Those who helped lately, and those who help now. @returns {Promise<{ id: string, name: string, email?: string }[]>} */
  async #technicians() {
    const now = today(this.desk.session.time_zone);
    /** @type {Map<string, { id: string, name: string, email?: string }>} */
    const found = new Map();
    const report = await this.desk.api.get("/reports/sessions", { from: addDays(now, -90), to: addDays(now, 1), group_by: "technician" }, this.desk.signal).catch(() => ({ groups: [] }));
    for (const { value, name } of report.groups) if (value) found.set(value, { id: value, name: name ?? value });
    for (const { technician } of this.#cases) if (technician) found.set(technician.id, technician);
    return [...found.values()].sort((one, other) => one.name.localeCompare(other.name, this.desk.words.locale));
  }
}

/** @param {string} name @param {...import("./dom.js").Child} value */
function fact(name, ...value) {
  return el("div", null, el("dt", null, name), el("dd", null, ...value));
}

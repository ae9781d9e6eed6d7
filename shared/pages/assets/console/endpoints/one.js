// @ts-check
// One endpoint: how it is, what it is sent, its secret, tests, replay, and what was delivered of late.

import { address, go } from "../address.js";
import { ask } from "../asking.js";
import { el, fill } from "../dom.js";
import { explain, left, trouble, worker } from "../parts.js";
import { TEST, summary } from "./catalogue.js";
import { Deliveries, detail, unanswered } from "./deliveries.js";
import { askForEndpoint } from "./form.js";
import { askForReplay } from "./replay.js";
import { showSecret } from "./secret.js";
import { stateNotice, stateTag } from "./state.js";

/** @typedef {import("../endpoints.js").Endpoint} Endpoint */
/** @typedef {import("./deliveries.js").Attempt} Attempt */

/** Between two looks for a test's outcome, and how long it is looked for, in milliseconds: an answer may take 15 s. */
const [LOOK, PATIENCE] = [1_000, 60_000];

export class EndpointPage {
  #shown = "";

  /**
   * @param {import("../shell.js").Desk} desk
   * @param {string} id
   */
  constructor(desk, id) {
    this.desk = desk;
    this.path = `/endpoints/${encodeURIComponent(id)}`;
    const { words } = desk;
    this.here = el("span", { "aria-current": "page" });
    this.heading = el("h1", null, words.say("endpoints.one"));
    this.state = el("p");
    this.notices = el("div", { class: "notices", role: "status" });
    this.body = el("div", { class: "stack" });
    this.deliveries = new Deliveries(desk, encodeURIComponent(id), { again: (number) => this.#replay({ from: number, to: number }), changed: () => this.read() });
    fill(
      desk.main,
      el("nav", { class: "crumbs", "aria-label": words.say("records.where") }, el("a", { href: address("endpoints") }, words.say("menu.endpoints")), el("span", { "aria-hidden": "true" }, "›"), this.here),
      el("div", { class: "head" }, this.heading, this.state),
      this.notices,
      this.body,
    );
  }

  /** Reads how it is by now. */
  async read() {
    const { api, words, signal } = this.desk;
    try {
      this.#show(await api.get(this.path, {}, signal));
    } catch (error) {
      if (!left(error)) fill(this.notices, trouble(words, error, () => this.read()));
    }
  }

  /** @param {Endpoint} endpoint */
  #show(endpoint) {
    const { words, main } = this.desk;
    const seen = JSON.stringify(endpoint);
    if (seen === this.#shown) return;
    const isFirst = this.#shown === "";
    this.#shown = seen;
    const focus = document.activeElement?.getAttribute("data-focus");
    const name = endpoint.description ?? new URL(endpoint.url).host;
    this.here.textContent = name;
    this.heading.textContent = name;
    fill(this.state, stateTag(words, endpoint));
    fill(this.body, stateNotice(words, endpoint), this.#about(endpoint));
    if (focus) /** @type {HTMLElement | null} */ (this.body.querySelector(`[data-focus="${focus}"]`))?.focus();
    if (!isFirst) return;
    main.append(this.deliveries.element);
    this.deliveries.look();
  }

  /** @param {Endpoint} endpoint */
  #about(endpoint) {
    const { words } = this.desk;
    const { url, events, signing, public_key: key, former_secret_until: until, made_at: made } = endpoint;
    const fact = (/** @type {string} */ key, /** @type {import("../dom.js").Child} */ value) => value && el("div", null, el("dt", null, words.say(key)), el("dd", null, value));
    const press = (/** @type {string} */ name, /** @type {() => unknown} */ act, more = "") => el("button", { class: `button ${more}`, type: "button", "data-focus": name, onclick: act }, words.say(`endpoints.${name}`));
    const isOn = endpoint.state === "on";
    return el("section", { class: "card stack", "aria-label": words.say("endpoints.one") },
      el("dl", { class: "facts" },
        fact("endpoints.url", url),
        fact("endpoints.events", summary(words, events)),
        fact("endpoints.signing", words.say(`endpoints.signing.${signing}`)),
        fact("endpoints.key", key && el("span", { class: "code wrap" }, key)),
        fact("endpoints.former", until !== undefined && Date.parse(until) > Date.now() && words.say("endpoints.former.until", { moment: words.moment(until) })),
        fact("endpoints.made", words.moment(made)),
      ),
      el("div", { class: "row" },
        worker(words.say("endpoints.test"), { class: "button main", "data-focus": "test" }, () => this.#test()),
        press("replay", () => askForReplay(words, (wish) => this.#replayed(wish))),
        press("edit", () => askForEndpoint(this.desk, endpoint, () => this.#done("saved"))),
        press("rotate", () => this.#rotate()),
        isOn ? worker(words.say("endpoints.switch_off"), { "data-focus": "switch" }, () => this.#switch({ on: false }, "endpoints.switched_off")) : el("button", { class: "button", type: "button", "data-focus": "switch", onclick: () => this.#switchOn() }, words.say("endpoints.switch_on")),
        press("delete", () => this.#delete(), "danger"),
      ),
    );
  }

  /** @param {string} key @param {Record<string, string | number>} [values] */
  #done(key, values) {
    const text = this.desk.words.say(key, values);
    fill(this.notices, el("p", { class: "notice good" }, text));
    return this.read();
  }

  async #test() {
    const { api, words, signal, announce } = this.desk;
    const tests = async () => (await this.deliveries.look()).filter(({ type }) => type === TEST);
    fill(this.notices, el("p", { class: "notice" }, words.say("endpoints.test.sent")));
    try {
      const before = await tests();
      await api.write("POST", `${this.path}/test`, undefined, signal);
      const end = performance.now() + PATIENCE;
      while (performance.now() < end && !signal.aborted) {
        await new Promise((done) => setTimeout(done, LOOK));
        const now = await tests();
        const newest = now[0];
        if (!newest || (now.length <= before.length && JSON.stringify(newest) === JSON.stringify(before[0]))) continue;
        this.#tested(newest);
        return;
      }
      if (!signal.aborted) fill(this.notices, el("p", { class: "notice wait" }, words.say("endpoints.test.late")));
    } catch (error) {
      if (left(error)) return;
      fill(this.notices, trouble(words, error));
      announce(explain(words, error).join(" "));
    }
  }

  /** @param {Attempt} attempt */
  #tested(attempt) {
    const { words } = this.desk;
    const { delivered, status, duration_ms: duration } = attempt;
    const answer = detail(attempt);
    const key = delivered ? "endpoints.test.taken" : status === undefined ? "endpoints.test.no_answer" : "endpoints.test.refused";
    fill(this.notices, el("div", { class: `notice tall ${delivered ? "good" : "bad"}` },
      el("p", null, words.say(key, { status: String(status ?? ""), count: duration, why: status === undefined ? unanswered(words, attempt) : "" })),
      !delivered && answer !== undefined && el("p", { class: "code wrap" }, answer)));
  }

  /** One event again. @param {{ from: number, to: number }} wish */
  async #replay(wish) {
    try {
      await this.#replayed(wish);
    } catch (error) {
      if (!left(error)) fill(this.notices, trouble(this.desk.words, error));
    }
  }

  /** @param {{ from?: number, to?: number | undefined, since?: string }} wish */
  async #replayed(wish) {
    const { from, to } = await this.desk.api.write("POST", `${this.path}/replay`, wish);
    await this.#done(from === to ? "endpoints.replayed.one" : "endpoints.replayed", { from: String(from), to: String(to) });
    await this.deliveries.look();
  }

  #rotate() {
    const { words, api } = this.desk;
    /** @type {(Endpoint & { secret: string }) | undefined} */
    let kept;
    const dialog = ask(words, {
      title: words.say("endpoints.rotate"),
      text: words.say("endpoints.rotate.text"),
      act: words.say("endpoints.rotate.act"),
      work: async () => {
        kept = await api.write("POST", `${this.path}/rotate`);
      },
    });
    dialog.addEventListener("close", () => kept && showSecret(this.desk, kept, () => this.#done("endpoints.rotated")));
  }

  /** @param {{ on: boolean, go_on?: string }} wish @param {string} said */
  async #switch(wish, said) {
    try {
      await this.desk.api.write("PATCH", this.path, wish);
      await this.#done(said);
    } catch (error) {
      if (!left(error)) fill(this.notices, trouble(this.desk.words, error));
    }
  }

  #switchOn() {
    const { words, api } = this.desk;
    const from = el("select", null, ["where_it_stopped", "now"].map((value) => el("option", { value }, words.say(`endpoints.go_on.${value}`))));
    ask(words, {
      title: words.say("endpoints.switch_on"),
      fields: [{ name: "go_on", label: words.say("endpoints.go_on"), control: from, hint: words.say("endpoints.go_on.hint") }],
      act: words.say("endpoints.switch_on"),
      work: async () => {
        await api.write("PATCH", this.path, { on: true, go_on: from.value });
        await this.#done("endpoints.switched_on");
      },
    });
  }

  #delete() {
    const { words, api, announce } = this.desk;
    ask(words, {
      title: words.say("endpoints.delete"),
      text: words.say("endpoints.delete.sure"),
      act: words.say("endpoints.delete"),
      danger: true,
      work: async () => {
        await api.write("DELETE", this.path);
        announce(words.say("endpoints.deleted"));
        go(address("endpoints"), { replace: true });
      },
    });
  }
}

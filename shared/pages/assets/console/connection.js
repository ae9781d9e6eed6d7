// @ts-check
// The connection to TeamViewer: its token and what it may do, whom the group is shared with, the module, how everything is,
// and revoking.

import { Refusal } from "./api.js";
import { address } from "./address.js";
import { ask, shownField } from "./asking.js";
import { el, fill } from "./dom.js";
import { fault, left, trouble, worker } from "./parts.js";

export const title = "menu.connection";

/**
 * @typedef {object} Connection
 * @property {string} state
 * @property {{ user?: string, name?: string, email?: string, company?: string }} registrar
 * @property {string} registered_at
 * @property {string} licence
 * @property {{ permission: string, proof: string, needed: boolean, in_the_console: string }[]} permissions
 * @property {{ id?: string, name: string }} group
 * @property {{ id: string, name?: string }[]} shares
 * @property {{ id?: string, bound_to_group: boolean, assignee_unassigned: boolean, per_session_refused: boolean }} [module]
 * @property {string} checked_at
 * @property {{ item: string, done: boolean, how: string }[]} checklist
 * @property {string} [fix]
 */

/** @param {import("./shell.js").Desk} desk */
export function open(desk) {
  return new ConnectionPage(desk);
}

class ConnectionPage {
  /** @param {import("./shell.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.notices = el("div", { class: "notices" });
    this.body = el("div", { class: "stack" });
    this.doctor = el("section", { class: "card stack" });
    fill(desk.main, el("div", { class: "head" }, el("h1", null, desk.words.say("menu.connection"))), this.notices, this.body, this.doctor);
  }

  update() {
    this.#read();
    this.#examine();
  }

  async #read(check = false) {
    const { api, words, signal } = this.desk;
    try {
      this.#show(await api.get("/connection", check ? { check: "true" } : {}, signal));
      fill(this.notices);
    } catch (error) {
      if (left(error)) return;
      if (error instanceof Refusal && error.status === 404) this.#show(undefined);
      else fill(this.notices, trouble(words, error, () => this.#read()));
    }
  }

  /** @param {Connection | undefined} connection */
  #show(connection) {
    fill(this.body, ...(connection ? [this.#state(connection), this.#permissions(connection), this.#shares(connection), this.#module(connection), this.#revoke()] : [this.#register()]));
  }

  /** @param {Connection} connection */
  #state(connection) {
    const { words } = this.desk;
    const mood = connection.state === "active" ? "good" : "bad";
    const { registrar } = connection;
    const fact = (/** @type {string} */ key, /** @type {string | undefined} */ value) => value && el("div", null, el("dt", null, words.say(key)), el("dd", null, value));
    return el("section", { class: "card stack" },
      el("div", { class: "head" },
        el("h2", null, words.say("connection.title")),
        el("p", { class: `tag ${mood}` }, words.say(`connection.${connection.state}`)),
      ),
      connection.state !== "active" && el("p", { class: "notice bad" }, words.say(`connection.${connection.state}.fix`)),
      el("dl", { class: "facts" },
        fact("connection.registrar", [registrar.name, registrar.email, registrar.company].filter(Boolean).join(" · ") || undefined),
        fact("connection.licence", connection.licence === "unknown" ? words.say("connection.licence.unknown") : connection.licence),
        fact("connection.group", connection.group.id ? connection.group.name : words.say("connection.group.later", { name: connection.group.name })),
        fact("connection.since", words.moment(connection.registered_at)),
        fact("connection.checked", words.moment(connection.checked_at)),
      ),
      el("div", { class: "row" },
        worker(words.say("connection.check"), {}, async () => {
          await this.#read(true);
          this.desk.announce(words.say("connection.checked.now"));
        }),
        el("button", { class: "button", type: "button", onclick: () => this.#ask() }, words.say("connection.renew")),
      ),
    );
  }

  /** @param {{ permissions: Connection["permissions"] }} connection */
  #permissions({ permissions }) {
    const { words } = this.desk;
    return el("section", { class: "card stack" },
      el("h2", null, words.say("permissions.title")),
      el("p", { class: "dim" }, words.say("permissions.text")),
      permissionList(words, permissions),
    );
  }

  #register() {
    const { words } = this.desk;
    return el("section", { class: "card stack" },
      el("h2", null, words.say("register.title")),
      el("p", null, words.say("register.text")),
      el("ol", { class: "steps" }, ["register.step.1", "register.step.2", "register.step.3"].map((key) => el("li", null, words.say(key)))),
      el("div", { class: "row" }, el("button", { class: "button main", type: "button", onclick: () => this.#ask() }, words.say("register.act"))),
    );
  }

  #ask() {
    const { words, api } = this.desk;
    const token = el("input", { type: "password", autocomplete: "off", spellcheck: "false", required: true, maxlength: "512" });
    const group = el("input", { autocomplete: "off", maxlength: "100", placeholder: "BOSS" });
    ask(words, {
      title: words.say("register.act"),
      text: words.say("register.checked"),
      fields: [
        { name: "script_token", label: words.say("register.token"), control: token, hint: words.say("register.token.hint") },
        { name: "group_name", label: words.say("register.group"), control: group, hint: words.say("register.group.hint") },
      ],
      act: words.say("register.check"),
      work: async () => {
        const kept = await api.write("PUT", "/connection", { script_token: token.value.trim(), ...(group.value.trim() && { group_name: group.value.trim() }) });
        fill(this.notices, el("p", { class: "notice good" }, words.say("register.done")));
        this.desk.announce(words.say("register.done"));
        this.#show(kept);
        this.#examine();
      },
      explain: (error) => {
        if (!(error instanceof Refusal)) return [];
        if (Array.isArray(error.body["permissions"])) return [permissionList(words, error.body["permissions"])];
        return [liveCases(words, error)];
      },
    });
  }

  /** @param {Connection} connection */
  #shares(connection) {
    const { words, api } = this.desk;
    const wish = el("input", { autocomplete: "off", spellcheck: "false", placeholder: "sam@example.com" });
    const field = shownField({ name: "user", label: words.say("shares.who"), control: wish, hint: words.say("shares.who.hint") });
    const faults = el("div", { class: "notices" });
    const present = connection.shares.map(({ id }) => ({ id }));
    const put = async (/** @type {unknown[]} */ users, /** @type {string} */ said) => {
      field.say("");
      fill(faults);
      try {
        this.#show(await api.write("PUT", "/connection/shares", { users }));
        this.desk.announce(words.say(said));
        this.#examine();
      } catch (error) {
        const wrong = error instanceof Refusal && error.errors[0];
        if (wrong) field.say(fault(words, wrong.message));
        else fill(faults, trouble(words, error));
      }
    };
    const add = () => {
      const user = wish.value.trim();
      if (user) return put([...present, user.includes("@") ? { email: user } : { id: user }], "shares.added");
      wish.focus();
      return Promise.resolve();
    };
    return el("section", { class: "card stack" },
      el("h2", null, words.say("shares.title")),
      el("p", { class: "dim" }, words.say("shares.text")),
      connection.shares.length === 0
        ? el("p", null, words.say("shares.none"))
        : el("ul", { class: "lines" }, connection.shares.map(({ id, name }) => el("li", null,
          el("span", null, name ?? id, name && el("span", { class: "dim" }, ` ${id}`)),
          worker(words.say("shares.remove"), { class: "button quiet", "aria-label": words.say("shares.remove.who", { name: name ?? id }) }, () => put(present.filter((other) => other.id !== id), "shares.removed")),
        ))),
      el("form", { class: "inline", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); add(); } }, field.element, worker(words.say("shares.add"), {}, add)),
      faults,
    );
  }

  /** @param {Connection} connection */
  #module(connection) {
    const { words, api } = this.desk;
    const { module } = connection;
    const id = el("input", { autocomplete: "off", spellcheck: "false", value: module?.id ?? "", placeholder: "6mqbpyk" });
    const field = shownField({ name: "id", label: words.say("module.id"), control: id, hint: words.say("module.id.hint") });
    const box = (/** @type {string} */ key, /** @type {boolean | undefined} */ checked) => {
      const input = el("input", { type: "checkbox", checked: checked === true });
      return { input, label: el("label", { class: "check" }, input, el("span", null, words.say(key))) };
    };
    const bound = box("module.bound", module?.bound_to_group);
    const unassigned = box("module.unassigned", module?.assignee_unassigned);
    const faults = el("div", { class: "notices" });
    const keep = worker(words.say("save"), {}, async () => {
      field.say("");
      fill(faults);
      try {
        this.#show(await api.write("PUT", "/connection/module", { ...(id.value.trim() && { id: id.value.trim() }), bound_to_group: bound.input.checked, assignee_unassigned: unassigned.input.checked }));
        this.desk.announce(words.say("saved"));
        this.#examine();
      } catch (error) {
        const wrong = error instanceof Refusal && error.errors[0];
        if (wrong) field.say(fault(words, wrong.message));
        else fill(faults, trouble(words, error));
      }
    });
    return el("section", { class: "card stack" },
      el("h2", null, words.say("module.title")),
      el("p", { class: "dim" }, words.say("module.text")),
      el("ul", { class: "lines ticks" }, connection.checklist.map(({ item, done, how }) => el("li", null,
        el("span", { class: `tick ${done ? "good" : ""}`, role: "img", "aria-label": words.say(done ? "checklist.done" : "checklist.open") }, done ? "✓" : ""),
        el("span", null, words.has(`checklist.${item}`) ? words.say(`checklist.${item}`) : how, !done && words.has(`checklist.${item}.how`) && el("span", { class: "hint" }, words.say(`checklist.${item}.how`))),
      ))),
      module?.per_session_refused && el("p", { class: "notice wait" }, words.say("module.refused")),
      field.element, bound.label, unassigned.label, faults,
      el("div", { class: "row" }, keep),
    );
  }

  #revoke() {
    const { words, api } = this.desk;
    return el("section", { class: "card stack" },
      el("h2", null, words.say("revoke.title")),
      el("p", { class: "dim" }, words.say("revoke.text")),
      el("div", { class: "row" }, el("button", { class: "button danger", type: "button", onclick: () => ask(words, {
        title: words.say("revoke.sure"),
        text: words.say("revoke.redo"),
        act: words.say("revoke.act"),
        danger: true,
        work: async () => {
          await api.write("DELETE", "/connection");
          fill(this.notices, el("div", { class: "notice good tall" }, el("p", null, words.say("revoke.done")), redo(words)));
          this.desk.announce(words.say("revoke.done"));
          this.#show(undefined);
          this.#examine();
        },
        explain: (error) => (error instanceof Refusal ? [liveCases(words, error)] : []),
      }) }, words.say("revoke.act"))),
    );
  }

  async #examine() {
    const { api, words, signal } = this.desk;
    const head = el("div", { class: "head" }, el("h2", null, words.say("doctor.title")), worker(words.say("doctor.again"), {}, async () => {
      await this.#examine();
      this.desk.announce(words.say("doctor.looked"));
    }));
    try {
      const { healthy, at, findings } = await api.get("/doctor", {}, signal);
      const said = (/** @type {any} */ finding, /** @type {"what" | "fix"} */ part) => (words.has(`doctor.${finding.code}.${part}`) ? words.say(`doctor.${finding.code}.${part}`) : finding[part]);
      fill(this.doctor, head,
        el("p", { class: healthy ? "good" : "bad" }, words.say(healthy ? "doctor.healthy" : "doctor.ill")),
        el("ul", { class: "lines findings" }, findings.map((/** @type {any} */ finding) => el("li", { class: finding.severity },
          el("span", { class: `tag ${finding.severity === "wrong" ? "bad" : finding.severity === "advice" ? "wait" : ""}` }, words.say(`doctor.${finding.severity}`)),
          el("div", null, el("strong", null, said(finding, "what")), finding.detail && el("p", { class: "dim" }, finding.detail), el("p", null, said(finding, "fix"))),
        ))),
        el("p", { class: "hint" }, words.say("doctor.at", { moment: words.moment(at) })),
      );
    } catch (error) {
      if (!left(error)) fill(this.doctor, head, trouble(words, error));
    }
  }
}

/**
 * Each permission of the guide: its name, whether it is needed, and what the check says.
 * @param {import("./words.js").Words} words
 * @param {{ permission: string, proof?: string, needed?: boolean, in_the_console?: string }[]} permissions
 */
function permissionList(words, permissions) {
  /** @type {Record<string, string>} */
  const moods = { proven: "good", missing: "bad", unknown: "" };
  return el("ul", { class: "lines permissions" }, permissions.map(({ permission, proof = "missing", needed, in_the_console: name }) => el("li", null,
    el("span", null, words.has(`permission.${permission}`) ? words.say(`permission.${permission}`) : (name ?? permission), needed && el("span", { class: "hint" }, ` ${words.say("permission.needed")}`)),
    el("span", { class: `tag ${moods[proof] ?? ""}` }, words.say(`proof.${proof}`)),
  )));
}

/** The live cases that are in the way. @param {import("./words.js").Words} words @param {Refusal} error */
function liveCases(words, error) {
  /** @type {{ ticket?: string, device?: string, session_code?: string }[]} */
  const cases = Array.isArray(error.body["cases"]) ? error.body["cases"] : [];
  return cases.length > 0 && el("div", null,
    el("ul", { class: "lines" }, cases.map(({ ticket, device, session_code: code }) => el("li", null, el("span", null, ticket ? words.say("live.ticket", { ticket }) : device ? words.say("live.ticket.device", { device }) : "–"), el("span", { class: "code" }, code ?? "")))),
    el("p", null, el("a", { href: address("live"), onclick: (/** @type {Event} */ event) => /** @type {Element} */ (event.target).closest("dialog")?.close() }, words.say("revoke.live"))),
  );
}

/** What another administrator does after revoking. @param {import("./words.js").Words} words */
function redo(words) {
  return el("ol", { class: "steps" }, ["revoke.redo.1", "revoke.redo.2", "revoke.redo.3", "revoke.redo.4"].map((key) => el("li", null, words.say(key))));
}

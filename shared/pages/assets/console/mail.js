// @ts-check
// The mail that a customer is invited with, in each language: edited beside what it becomes, tried out, or taken back to
// the built-in one.

import { Refusal } from "./api.js";
import { address } from "./address.js";
import { ask } from "./asking.js";
import { el, fill } from "./dom.js";
import { Marked, placed } from "./mail/marked.js";
import { preview } from "./mail/preview.js";
import { left, reveal, trouble, worker } from "./parts.js";
import { NAMES, language } from "./words.js";

export const title = "menu.mail";

/** What is filled in for each case. */
const PARAMETERS = ["teamviewer.customer_link", "ticket.title", "ticket.number", "ticket.technician.name"];

/** After the last key, in milliseconds. */
const PAUSE = 300;

/** @typedef {{ language: string, subject: string, text: string, html?: string | null, own: boolean }} Template */

/** @param {import("./shell.js").Desk} desk */
export function open(desk) {
  return new MailPage(desk);
}

class MailPage {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {AbortController | undefined} */
  #previewing;
  /** @type {Template | undefined} */
  #kept;
  #language = "";
  /** @type {Marked | undefined} */
  #last;

  /** @param {import("./shell.js").Desk} desk */
  constructor(desk) {
    this.desk = desk;
    const { words } = desk;
    this.tabs = el("nav", { class: "segments links", "aria-label": words.say("language") });
    this.own = el("p", { class: "tag" });
    this.notices = el("div", { class: "notices" });
    const edited = () => this.#edited();
    this.subject = new Marked(words, { name: "subject", label: words.say("mail.subject"), lines: 1, longest: 250 }, edited);
    this.text = new Marked(words, { name: "text", label: words.say("mail.text"), lines: 13, longest: 20_000 }, edited);
    this.html = new Marked(words, { name: "html", label: words.say("mail.html"), lines: 10, longest: 60_000, hint: words.say("mail.html.hint") }, edited);
    this.fields = [this.subject, this.text, this.html];
    for (const field of this.fields) field.control.addEventListener("focus", () => { this.#last = field; });
    this.ownHtml = el("details", { class: "form" }, el("summary", null, words.say("mail.html.own")), this.html.element);
    this.save = worker(words.say("save"), { class: "button main" }, () => this.#save());
    this.reset = el("button", { class: "button", type: "button", onclick: () => this.#reset() }, words.say("mail.reset"));
    this.test = el("button", { class: "button", type: "button", onclick: () => this.#test() }, words.say("mail.test"));
    this.shownSubject = el("p", { class: "subject" });
    this.shown = el("div", { class: "letter", role: "region", "aria-label": words.say("mail.preview"), tabindex: "0" });
    fill(
      desk.main,
      el("div", { class: "head" }, el("h1", null, words.say("menu.mail")), this.tabs),
      this.notices,
      el("div", { class: "sides" },
        el("section", { class: "card stack" },
          el("div", { class: "head" }, el("h2", null, words.say("mail.edit")), this.own),
          this.subject.element,
          this.text.element,
          el("div", { class: "row parameters", role: "group", "aria-label": words.say("mail.parameters") }, el("span", { class: "hint" }, words.say("mail.insert")), PARAMETERS.map((name) => el("button", { class: "chip", type: "button", onclick: () => (this.#last ?? this.text).insert(`{{${name}}}`) }, `{{${name}}}`))),
          this.ownHtml,
          el("div", { class: "row" }, this.save, this.test, this.reset),
        ),
        el("section", { class: "card stack shown" }, el("div", { class: "head" }, el("h2", null, words.say("mail.preview")), el("p", { class: "hint" }, words.say("mail.preview.text"))), this.shownSubject, this.shown),
      ),
    );
    desk.signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  /** @param {Record<string, string>} query */
  update(query) {
    const wish = language(query["language"]) ?? language(this.desk.session.language) ?? "en";
    fill(this.tabs, Object.entries(NAMES).map(([tag, name]) => el("a", { href: address("mail", { language: tag }), lang: tag, "aria-current": tag === wish ? "true" : null }, name)));
    reveal(this.tabs);
    if (wish === this.#language) return;
    this.#language = wish;
    this.#read();
  }

  get #path() {
    return `/mail-templates/${this.#language}`;
  }

  async #read() {
    const { api, words, signal } = this.desk;
    fill(this.notices);
    try {
      this.#show(await api.get(this.#path, {}, signal));
    } catch (error) {
      if (!left(error)) fill(this.notices, trouble(words, error, () => this.#read()));
    }
  }

  /** @param {Template} template */
  #show(template) {
    if (template.language !== this.#language) return;
    this.#kept = template;
    this.subject.value = template.subject;
    this.text.value = template.text;
    this.html.value = template.html ?? "";
    this.ownHtml.open = Boolean(template.html);
    for (const field of this.fields) field.control.lang = this.#language;
    this.own.textContent = this.desk.words.say(template.own ? "mail.own" : "mail.built_in");
    this.own.className = `tag ${template.own ? "good" : ""}`;
    this.reset.disabled = !template.own;
    this.#preview();
  }

  #wish() {
    return { subject: this.subject.value, text: this.text.value, ...(this.html.value.trim() && { html: this.html.value }) };
  }

  #edited() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#preview(), PAUSE);
  }

  async #preview() {
    this.#previewing?.abort();
    const previewing = new AbortController();
    this.#previewing = previewing;
    const { api, words } = this.desk;
    try {
      const letter = await api.write("POST", `${this.#path}/preview`, this.#wish(), AbortSignal.any([previewing.signal, this.desk.signal]));
      this.#mark([]);
      this.shown.classList.remove("old");
      this.shownSubject.textContent = letter.subject;
      preview(this.shown, letter.html);
    } catch (error) {
      if (left(error)) return;
      this.shown.classList.add("old");
      if (error instanceof Refusal && error.errors.length > 0) this.#mark(error.errors);
      else fill(this.notices, trouble(words, error, () => this.#preview()));
    }
  }

  /** Marks what is wrong at its place. @param {import("./api.js").FieldFault[]} faults */
  #mark(faults) {
    for (const field of this.fields) field.mark(faults.filter((fault) => fault.field === field.name).map((fault) => placed(fault.message)));
    if (faults.some((fault) => fault.field === "html")) this.ownHtml.open = true;
  }

  async #save() {
    const { api, words } = this.desk;
    fill(this.notices);
    try {
      this.#show(await api.write("PUT", this.#path, this.#wish()));
      this.#said("mail.saved");
    } catch (error) {
      if (error instanceof Refusal && error.errors.length > 0) {
        this.#mark(error.errors);
        this.fields.find((field) => field.name === error.errors[0]?.field)?.goThere();
      } else fill(this.notices, trouble(words, error));
    }
  }

  #reset() {
    const { api, words } = this.desk;
    ask(words, {
      title: words.say("mail.reset"),
      text: words.say("mail.reset.sure", { language: NAMES[/** @type {keyof typeof NAMES} */ (this.#language)] }),
      act: words.say("mail.reset"),
      danger: true,
      work: async () => {
        await api.write("DELETE", this.#path);
        await this.#read();
        this.#said("mail.was_reset");
      },
    });
  }

  #test() {
    const { api, words } = this.desk;
    const to = el("input", { type: "email", autocomplete: "email", required: true });
    const kept = this.#kept;
    const wish = this.#wish();
    const changed = kept && (kept.subject !== wish.subject || kept.text !== wish.text || (kept.html ?? "") !== this.html.value);
    ask(words, {
      title: words.say("mail.test"),
      text: words.say(changed ? "mail.test.unsaved" : "mail.test.text"),
      fields: [{ name: "to", label: words.say("mail.test.to"), control: to }],
      act: words.say("mail.test.act"),
      work: async () => {
        await api.write("POST", `${this.#path}/test`, { to: to.value.trim() });
        this.#said("mail.test.sent");
      },
    });
  }

  /** @param {string} key */
  #said(key) {
    const text = this.desk.words.say(key);
    fill(this.notices, el("p", { class: "notice good" }, text));
    this.desk.announce(text);
  }
}

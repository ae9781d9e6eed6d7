// @ts-check
// What is shown, from what is known: nothing here remembers, asks or waits.

import { h } from "./dom.js";
import { gist, hindrance, isLive } from "./gist.js";
import { Parts, safe } from "./parts.js";

/**
 * @typedef {import("./api.js").View} View
 * @typedef {import("./api.js").Case} Case
 * @typedef {import("./dom.js").Child} Child
 * @typedef {import("./words.js").Words} Words
 *
 * @typedef {object} Known what the scene is made from
 * @property {View | undefined} view
 * @property {Words} words
 * @property {number} now by the server's clock
 * @property {string} busy the button that waits for its answer
 * @property {number} since when what is shown began, by the server's clock
 * @property {"" | "stop" | "here" | "hand"} panel what is opened
 * @property {boolean} noteMissing
 * @property {import("./api.js").Refusal | undefined} refusal of the last press
 * @property {number} waitUntil when the server takes requests again
 * @property {"good" | "renewing" | "gone"} access
 * @property {"good" | "offline" | "unreachable"} network
 * @property {string} copied the button that copied just now
 * @property {boolean} mayAsk whether the browser can be asked for notifications
 *
 * @callback Press
 * @param {string} button
 * @param {string} [text] what it copies
 * @returns {void}
 */

/** After so many milliseconds something takes longer than usual. */
const SLOW = { opening: 30_000, closing: 8_000 };

/**
 * @param {Known} known
 * @param {Press} press
 * @returns {Child[]}
 */
export function scene(known, press) {
  const { view, words } = known;
  const what = view ? gist(view, words) : { name: "loading", mood: "busy", title: words.say("loading"), text: "" };
  const maker = new Maker(known, press);
  return [
    h("section", { key: "card", class: "card", part: "card", lang: words.language, "aria-label": words.say("label"), "data-mood": what.mood },
      h("header", { key: "header", part: "header" },
        h("span", { class: "dot", "aria-hidden": "true" }),
        h("div", { key: "title", class: "title", tabindex: "-1" }, what.title),
      ),
      what.text && h("p", { key: "text", class: "text" }, what.text),
      h("div", { key: "alerts", role: "alert", class: "alerts" }, ...maker.alerts()),
      h("div", { key: "notices", class: "notices" }, ...maker.notices()),
      ...(view ? maker.body(view) : []),
    ),
  ];
}

/** Makes one scene. */
class Maker extends Parts {
  /** What needs to be known at once. @returns {Child[]} */
  alerts() {
    const { refusal, access } = this.known;
    return [
      access === "gone" && h("div", { key: "access", class: "note bad" },
        h("p", null, h("strong", null, this.words.say("access.title")), " ", this.words.say("access.text")),
        this.button("renew", this.words.say("access.renew"), { class: "quiet" }),
      ),
      refusal && h("div", { key: "refusal", class: "note bad" }, ...this.refused(refusal)),
    ];
  }

  /** @param {import("./api.js").Refusal} refusal @returns {Child[]} */
  refused(refusal) {
    const key = `problem.${refusal.kind}`;
    const fields = refusal.errors.map((error) => h("p", null, error.message));
    const said = this.words.has(key)
      ? [h("p", null, this.words.say(key))]
      : [
          h("p", null, h("strong", null, refusal.message), refusal.detail && ` ${refusal.detail}`),
          ...fields,
          refusal.fix && h("p", null, refusal.fix),
        ];
    return [h("div", null, ...said), this.icon("dismiss", "close", this.words.say("dismiss"))];
  }

  /** What is good to know. @returns {Child[]} */
  notices() {
    const { view, network, waitUntil, now } = this.known;
    const left = Math.ceil((waitUntil - now) / 1_000);
    const live = isLive(view?.case);
    /** @type {(key: string, mood: string, text: string) => Child} */
    const note = (key, mood, text) => h("div", { key, class: `note ${mood}` }, h("p", null, text));
    return [
      network === "offline" && note("offline", "wait", this.words.say("offline")),
      network === "unreachable" && note("unreachable", "wait", this.words.say("unreachable")),
      left > 0 && note("busy", "wait", this.words.say("busy", { duration: this.words.duration(left) })),
      live && view?.connection === "draining" && note("draining", "wait", this.words.say("draining.live")),
      live && view?.ticket.state !== "open" && note("ticket", "wait", this.words.say("closed.live")),
    ];
  }

  /** @param {View} view @returns {Child[]} */
  body(view) {
    const shown = view.case;
    if (!shown) return this.start(view, false);
    switch (shown.state) {
      case "opening":
        return this.slow(SLOW.opening) ? [this.hint("opening.slow"), this.button("play", this.words.say("again"))] : [this.bar()];
      case "open":
        return this.open(view, shown);
      case "closing":
        return this.slow(SLOW.closing)
          ? [this.hint("closing.slow"), this.button("stop-again", this.words.say("closing.again"))]
          : [this.bar()];
      default:
        return [...this.ended(shown), ...this.start(view, shown.state !== "asked")];
    }
  }

  /** Play, or why not. @param {View} view @param {boolean} again @returns {Child[]} */
  start(view, again) {
    const cause = hindrance(view);
    if (cause) {
      // Where a session ended, the title says that; what stands in the way of another is said here.
      const told = !view.case || view.case.state === "failed";
      return told ? [] : [h("p", { key: "hindrance", class: "hint" }, `${this.words.say(`${cause}.title`).replace(/[.。]$/, "")}. `, this.words.say(`${cause}.text`))];
    }
    return [
      h("div", { key: "start", class: "buttons" },
        this.button("play", this.words.say(again ? "play.again" : "play"), { class: "main", icon: "play", part: "play" }),
        this.button("pilot", this.words.say("play.pilot"), { class: "quiet", icon: "camera" }),
      ),
    ];
  }

  /** @param {View} view @param {Case} shown @returns {Child[]} */
  open(view, shown) {
    const refused = shown.problem === "token_refused" || view.connection === "refused";
    return [
      refused && this.refusedToken(shown),
      shown.session_code && this.code(shown.session_code),
      this.links(shown),
      this.known.mayAsk && !shown.online &&
        this.button("notify", this.words.say("notify.ask"), { class: "link", icon: "bell" }),
      h("dl", { key: "facts" },
        this.invitation(shown),
        this.technician(view, shown),
        this.expiry(shown),
      ),
      this.known.panel === "hand" && this.handOver(view, shown),
      this.known.panel === "stop" ? this.stopPanel(view) :
        h("div", { key: "end", class: "buttons" }, this.button("stop", this.words.say("stop"), { class: "stop", icon: "stop", part: "stop" })),
    ];
  }

  /** @param {string} code */
  code(code) {
    return h("div", { key: "code", class: "code", part: "code" },
      h("span", { class: "label" }, this.words.say("code")),
      h("span", { class: "digits" }, code),
      this.copy("copy-code", code, this.words.say("code.copy")),
    );
  }

  /** @param {Case} shown */
  links(shown) {
    /** @type {(key: string, link: string | undefined, label: string, copy: string, main: boolean, icon: string) => Child} */
    const row = (key, link, label, copy, main, icon) => safe(link) && h("div", { key, class: "pair" },
      h("a", { key: "open", class: main ? "button main" : "button", part: main ? "connect" : false, href: link, target: "_blank", rel: "noopener noreferrer" },
        this.drawn(icon), h("span", null, label), h("span", { class: "unseen" }, ` (${this.words.say("new_tab")})`)),
      this.copy(`copy-${key}`, link ?? "", copy),
    );
    return h("div", { key: "links", class: "links" },
      row("supporter", shown.supporter_link, this.words.say("connect"), this.words.say("connect.copy"), true, "screen"),
      row("web", shown.webclient_supporter_link, this.words.say("web"), this.words.say("web.copy"), false, "globe"),
    );
  }

  /** @param {Case} shown */
  invitation(shown) {
    const { name, email } = shown.requester;
    const state = shown.invitation?.state ?? "";
    const key = shown.invitation ? `invitation.${state}` : email ? "" : "invitation.nobody";
    const bad = !shown.invitation || ["bounced", "failed", "complained"].includes(state);
    return this.fact("invitation", this.words.say("invitation"), [
      h("span", { class: bad ? "bad" : "" }, this.words.has(key) ? this.words.say(key, { name, email: email ?? "" }) : state),
      h("span", { class: "acts" },
        email ? this.button("invitation", this.words.say("invitation.again"), { class: "link" }) : false,
        safe(shown.customer_link) && this.button("copy-customer", this.words.say(this.known.copied === "copy-customer" ? "copied" : "customer.copy"),
          { class: "link" }, shown.customer_link),
      ),
    ]);
  }

  /** @param {View} view @param {Case} shown */
  technician(view, shown) {
    const who = shown.technician;
    const mine = who?.id === view.technician.id;
    return this.fact("technician", this.words.say("technician"), [
      h("span", null, !who ? this.words.say("queue") : mine ? this.words.say("you", { name: who.name }) : who.name),
      h("span", { class: "acts" },
        !mine && this.button("take", this.words.say("take"), { class: "link" }),
        who && this.button("hand", this.words.say("hand"), { class: "link", "aria-expanded": String(this.known.panel === "hand") }),
      ),
    ]);
  }

  /** @param {Case} shown */
  expiry(shown) {
    const left = (Date.parse(shown.valid_until) - this.known.now) / 1_000;
    return this.fact("expiry", this.words.say("expiry"), [
      h("span", null,
        h("span", { class: left < 600 ? "bad count" : "count" }, this.words.say("expiry.in", { duration: this.words.duration(left) })), " ",
        h("time", { datetime: shown.valid_until, class: "dim" }, this.words.moment(shown.valid_until)),
      ),
    ]);
  }

  /** @param {View} view @param {Case} shown */
  handOver(view, shown) {
    const others = view.colleagues.filter((colleague) => colleague.id !== shown.technician?.id);
    return h("form", { key: "hand-panel", class: "panel", onsubmit: this.submit("hand-over"), onkeydown: this.escape() },
      h("label", { for: "to" }, this.words.say("hand.to")),
      h("select", { key: "to", id: "to", name: "to" },
        ...others.map((colleague) => h("option", { key: `to ${colleague.id}`, value: colleague.id }, colleague.name)),
        h("option", { key: "queue", value: "" }, this.words.say("hand.queue")),
      ),
      h("div", { class: "buttons row" }, this.button("hand-over", this.words.say("hand"), { class: "main", type: "submit" }), this.cancel()),
    );
  }

  /** @param {View} view */
  stopPanel(view) {
    const required = view.note === "required";
    const missing = this.known.noteMissing;
    return h("form", { key: "stop-panel", class: "panel", onsubmit: this.submit("stop-now"), onkeydown: this.escape() },
      h("label", { for: "note" }, this.words.say("note"), " ", h("span", { class: "dim" }, this.words.say(required ? "note.required" : "note.optional"))),
      h("textarea", {
        key: "note", id: "note", name: "note", rows: "3", maxlength: "2000", "aria-required": String(required),
        "aria-invalid": missing ? "true" : false, "aria-describedby": missing ? "missing" : false,
      }),
      missing && h("p", { key: "missing", id: "missing", class: "bad", role: "alert" }, this.words.say("note.missing")),
      h("div", { class: "buttons row" },
        this.button("stop-now", this.words.say("stop"), { class: "stop full", type: "submit" }), this.cancel()),
    );
  }

  /** TeamViewer can't be told of the end: the way out. @param {Case} shown */
  refusedToken(shown) {
    const open = this.known.panel === "here";
    return h("div", { key: "refused", class: "note bad tall" },
      h("p", null, h("strong", null, this.words.say("refused.title")), " ", this.words.say("refused.live")),
      open && h("p", { key: "sure" }, this.words.say("here.sure", { moment: this.words.moment(shown.valid_until) })),
      open
        ? h("div", { key: "confirm", class: "buttons row" }, this.button("here-now", this.words.say("here.now"), { class: "stop full" }), this.cancel())
        : this.button("here", this.words.say("here")),
    );
  }

  /** @param {Case} shown @returns {Child[]} */
  ended(shown) {
    if (!shown.comment) return [];
    const lasted = shown.duration_seconds;
    return [
      lasted !== undefined && shown.ended_at !== undefined && h("p", { key: "lasted", class: "text" },
        this.words.say("lasted", { duration: this.words.duration(lasted), moment: this.words.moment(shown.ended_at) })),
      h("div", { key: "comment", class: "comment", part: "comment" },
        h("div", { class: "top" }, h("span", { class: "label" }, this.words.say("comment")), this.copy("copy-comment", shown.comment, this.words.say("comment.copy"))),
        h("p", { class: "words" }, shown.comment),
      ),
    ];
  }
}

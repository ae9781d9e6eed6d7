// @ts-check
// <casebridge-case token="…">: the service case of one ticket, in the ticket's page.

import { Api, Refusal } from "./api.js";
import { patch } from "./dom.js";
import { Live, PACE } from "./live.js";
import { look } from "./look.js";
import { gist, isLive, scene } from "./scene.js";
import { language, words } from "./words.js";

/** Access is renewed so long before it ends, in milliseconds. */
const RENEW = 60_000;
/** How long a button says that it copied. */
const COPIED = 2_000;
/** What the buttons that ask the server send. */
const ACTS = /** @type {const} */ ({
  play: "play", pilot: "play", "stop-now": "stop", "stop-again": "stop", "here-now": "stop",
  invitation: "invitation", take: "technician", "hand-over": "technician",
});

export class CasebridgeCase extends HTMLElement {
  static observedAttributes = ["token", "server", "lang"];

  /**
   * Gives a fresh token when the one that is there ends. A page may set it, or listen to `casebridge-token`.
   * @type {(() => string | Promise<string>) | undefined}
   */
  renew = Object.hasOwn(this, "renew") ? Reflect.get(this, "renew") : undefined;

  /** @type {Api | undefined} */
  #api;
  /** @type {Live | undefined} */
  #live;
  /** @type {import("./words.js").Words | undefined} */
  #words;
  /** @type {import("./api.js").View | undefined} */
  #view;
  /** Whether the token that is there was never taken by the server. */
  #unproven = false;
  /** What was told last, so that news is told once. */
  #told = "";
  /** @type {Omit<import("./scene.js").Known, "view" | "words" | "now">} */
  #state = fresh();
  #tick = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined);
  #renewal = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined);
  #root;
  #stage = document.createElement("div");
  #status = document.createElement("div");

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: "open" });
    this.#root.adoptedStyleSheets = [look];
    this.#status.setAttribute("role", "status");
    this.#status.className = "unseen";
    this.#root.append(this.#stage, this.#status);
  }

  /** What the ticket's page was given for this ticket and this technician. */
  get token() {
    return this.getAttribute("token") ?? "";
  }

  set token(token) {
    this.setAttribute("token", token);
  }

  /** The newest case of the ticket, as far as is known. */
  get case() {
    return this.#view?.case;
  }

  connectedCallback() {
    // What a page set before this script came is the element's own, not yet the attribute.
    if (Object.hasOwn(this, "token")) {
      const token = Reflect.get(this, "token");
      Reflect.deleteProperty(this, "token");
      this.token = token;
    }
    document.addEventListener("visibilitychange", this.#visibility);
    addEventListener("online", this.#network);
    addEventListener("offline", this.#network);
    this.#begin();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#visibility);
    removeEventListener("online", this.#network);
    removeEventListener("offline", this.#network);
    this.#end();
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} value
   */
  attributeChangedCallback(name, before, value) {
    if (!this.#live || before === value) return;
    if (name === "lang") this.#speak();
    // Another token may be for another ticket, unless it is the one that was asked for.
    else if (name !== "token" || value !== this.#api?.token) this.#begin();
  }

  #begin() {
    this.#end();
    this.#view = undefined;
    this.#told = "";
    this.#unproven = false;
    this.#state = fresh();
    this.#state.network = navigator.onLine ? "good" : "offline";
    this.#speak();
    const api = new Api(this.getAttribute("server")?.replace(/\/+$/, "") || new URL(import.meta.url).origin, this.token);
    this.#api = api;
    // A page may leave the first token to the callback too.
    if (!this.token) void this.#renewAccess(true);
    this.#live = new Live({
      pace: () => this.#pace(),
      streams: () => this.#view?.stream === true,
      // What was given up meanwhile may be of another ticket, or older than what is known.
      look: async (signal) => {
        const view = await api.read(signal);
        if (!signal.aborted) this.#seen(view);
      },
      follow: (signal, first) => api.follow(signal, (view) => {
        if (signal.aborted) return;
        first();
        this.#seen(view);
      }),
      failed: (error, again) => this.#failed(error, again),
    });
    void this.#live.start();
  }

  #end() {
    this.#live?.stop();
    this.#live = undefined;
    clearTimeout(this.#tick);
    clearTimeout(this.#renewal);
  }

  /** The token that was asked for: it is for the same ticket, so everything stays as it is. @param {string} token */
  #admit(token) {
    if (!this.#api) return;
    this.#api.token = token;
    this.token = token;
    this.#unproven = true;
    this.#state.access = "good";
    this.#render();
    this.#live?.wake();
  }

  // Words.

  #speak() {
    const wish = language(this.#inherited()) ?? language(this.#view?.account.language);
    if (!wish || wish === this.#words?.language) return;
    words(wish).then((found) => {
      this.#words = found;
      this.#render();
    }).catch(() => {
      // Without words nothing can be shown: again, as long as somebody may be looking.
      if (this.isConnected) setTimeout(() => this.#speak(), 3_000);
    });
  }

  /** The language of the page where the element stands, as HTML has it. */
  #inherited() {
    return this.closest("[lang]")?.getAttribute("lang");
  }

  // Looking.

  #pace() {
    const { access, network, busy } = this.#state;
    if (access !== "good" || network === "offline") return null;
    // What is asked for now would be older than the answer that is awaited.
    if (busy && !this.#live?.streams()) return null;
    const shown = this.#view?.case;
    if (!this.#view) return PACE.idle;
    const waits = isLive(shown) && !shown?.online;
    if (document.visibilityState === "hidden") {
      // Only whoever asked to be notified is looked for in a page that nobody sees.
      return waits && notifies() ? PACE.live : null;
    }
    return waits ? PACE.waiting : isLive(shown) ? PACE.live : PACE.idle;
  }

  /** @param {import("./api.js").View | undefined} view */
  #seen(view) {
    if (this.#state.network === "unreachable") this.#state.network = "good";
    this.#unproven = false;
    if (view) this.#take(view);
    this.#render();
  }

  /** @param {import("./api.js").View} view */
  #take(view) {
    const before = this.#view?.ticket.id === view.ticket.id ? this.#view : undefined;
    this.#view = view;
    if (before?.case?.id !== view.case?.id || before?.case?.state !== view.case?.state) {
      this.#state.since = this.#api?.now() ?? Date.now();
      this.#state.panel = "";
      this.#state.noteMissing = false;
    }
    if (!before) this.#speak();
    clearTimeout(this.#renewal);
    const left = Date.parse(view.token_expires_at) - (this.#api?.now() ?? Date.now());
    if (!Number.isNaN(left)) {
      this.#renewal = setTimeout(() => void this.#renewAccess(), Math.min(Math.max(left - Math.min(RENEW, left / 2), 0), 2 ** 31 - 1));
    }
    this.#tell(before, view);
  }

  /** @param {unknown} error @param {number} again */
  #failed(error, again) {
    if (error instanceof Refusal) {
      if (error.status === 401 || error.status === 403) void this.#renewAccess(true);
      else if (error.retryAfter > 0) this.#waitFor(again);
      else this.#state.network = "unreachable";
    } else {
      this.#state.network = navigator.onLine ? "unreachable" : "offline";
    }
    this.#render();
  }

  /** @param {number} milliseconds */
  #waitFor(milliseconds) {
    this.#state.waitUntil = (this.#api?.now() ?? Date.now()) + milliseconds;
  }

  #visibility = () => {
    if (document.visibilityState === "hidden") this.#live?.leave();
    else this.#live?.wake();
    this.#render();
  };

  #network = () => {
    this.#state.network = navigator.onLine ? "good" : "offline";
    this.#live?.wake();
    this.#render();
  };

  // Access.

  /** Asks the page for a fresh token. @param {boolean} [refused] whether the server refuses the one that is there */
  async #renewAccess(refused = false) {
    const state = this.#state;
    if (state.access === "renewing") return;
    if (refused && this.#unproven) {
      // What the page gave is refused too: asking on and on would not help.
      this.#unproven = false;
      state.access = "gone";
      this.#render();
      return;
    }
    if (refused) state.access = "renewing";
    /** @type {string | Promise<string> | undefined} */
    let answer;
    const respond = (/** @type {string | Promise<string>} */ token) => {
      answer = token;
    };
    this.dispatchEvent(new CustomEvent("casebridge-token", { bubbles: true, composed: true, detail: { refused, respond } }));
    try {
      const token = await (answer ?? this.renew?.());
      // Meanwhile the page may have gone on to another ticket.
      if (token && token !== this.token && this.#state === state) this.#admit(token);
    } catch (error) {
      console.warn("Casebridge: the page gave no fresh token:", error);
    }
    // A token that is about to end is used to its end.
    if (this.#state === state && state.access === "renewing") state.access = "gone";
    this.#render();
  }

  // Pressing.

  /** @type {import("./scene.js").Press} */
  #press = (button, text) => {
    const state = this.#state;
    if (button.startsWith("copy")) {
      void this.#copy(button, text ?? "");
    } else if (button in ACTS) {
      void this.#act(/** @type {keyof typeof ACTS} */ (button));
    } else if (button === "stop" || button === "here" || button === "hand") {
      state.panel = state.panel === button ? "" : button;
      state.noteMissing = false;
      this.#render();
      const first = { stop: "#note", here: '[data-press="here-now"]', hand: "#to" }[button];
      if (state.panel) this.#find(first)?.focus();
    } else if (button === "cancel") {
      const opener = state.panel;
      state.panel = "";
      this.#render();
      this.#find(`[data-press="${opener}"]`)?.focus();
    } else if (button === "dismiss") {
      state.refusal = undefined;
      this.#render();
    } else if (button === "renew") {
      void this.#renewAccess(true);
    } else if (button === "notify") {
      void Notification.requestPermission().then(() => this.#render());
    }
  };

  /** @param {keyof typeof ACTS} button */
  async #act(button) {
    const state = this.#state;
    const api = this.#api;
    if (!api || state.busy || state.access !== "good") return;
    const body = this.#body(button);
    if (!body) return;
    state.busy = button;
    state.refusal = undefined;
    this.#render();
    if (!this.#live?.streams()) this.#live?.wake();
    try {
      const view = await api.act(ACTS[button], body);
      if (this.#state !== state) return;
      state.panel = "";
      this.#take(view);
      if (button === "invitation") this.#announce("invitation.sent");
    } catch (error) {
      if (this.#state === state) this.#refused(error);
    } finally {
      state.busy = "";
      if (this.#state === state) {
        this.#render();
        this.#live?.wake();
      }
    }
  }

  /** @param {keyof typeof ACTS} button @returns {Record<string, unknown> | undefined} */
  #body(button) {
    if (button === "play") return {};
    if (button === "pilot") return { session_type: "pilot" };
    if (button === "here-now") return { here_only: true };
    // From the queue the first one has it; from a colleague it is taken as it is seen.
    if (button === "take") return { technician: this.#view?.technician.id, if_unassigned: !this.#view?.case?.technician };
    if (button === "hand-over") {
      const to = /** @type {HTMLSelectElement | null} */ (this.#find("#to"));
      return { technician: to?.value || null };
    }
    if (button === "stop-now") {
      const field = /** @type {HTMLTextAreaElement | null} */ (this.#find("#note"));
      const note = field?.value.trim() ?? "";
      this.#state.noteMissing = !note && this.#view?.note === "required";
      if (this.#state.noteMissing) {
        this.#render();
        field?.focus();
        return undefined;
      }
      return note ? { note } : {};
    }
    return {};
  }

  /** @param {unknown} error */
  #refused(error) {
    if (!(error instanceof Refusal)) {
      this.#failed(error, 0);
    } else if (error.status === 401) {
      void this.#renewAccess(true);
    } else if (error.status === 429) {
      this.#waitFor(Math.max(error.retryAfter, 1) * 1_000);
    } else if (error.errors.some((wrong) => wrong.field === "note") && this.#state.panel === "stop") {
      this.#state.noteMissing = true;
    } else {
      this.#state.refusal = error;
    }
  }

  /** @param {string} button @param {string} text */
  async #copy(button, text) {
    const done = await copied(text, this.#root);
    if (!done) return this.#announce("copy.failed");
    this.#state.copied = button;
    this.#announce("copied");
    this.#render();
    setTimeout(() => {
      if (this.#state.copied !== button) return;
      this.#state.copied = "";
      this.#render();
    }, COPIED);
  }

  // Telling.

  /**
   * @param {import("./api.js").View | undefined} before
   * @param {import("./api.js").View} view
   */
  #tell(before, view) {
    if (!before) return;
    const [old, now] = [before.case, view.case];
    const same = old?.id === now?.id;
    if (now && isLive(now) && !(same && isLive(old))) this.#happened("casebridge-opened", now);
    if (now?.online && !(same && old?.online)) {
      this.#happened("casebridge-online", now);
      this.#notify(now, view);
    }
    if (old && isLive(old) && !(same && isLive(now))) this.#happened("casebridge-closed", same && now ? now : old);
  }

  /** @param {string} name @param {import("./api.js").Case} shown */
  #happened(name, shown) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail: structuredClone(shown) }));
  }

  /** @param {import("./api.js").Case} shown @param {import("./api.js").View} view */
  #notify(shown, view) {
    if (!notifies() || !this.#words || (document.visibilityState === "visible" && document.hasFocus())) return;
    try {
      const { number, title } = view.ticket;
      // One for the case, however many pages show it.
      const note = new Notification(this.#words.say("online.title", { name: shown.requester.name }), {
        body: this.#words.say("notify.body", { number, title }), tag: `casebridge-${shown.id}-${shown.online_at}`, lang: this.#words.language,
      });
      note.onclick = () => {
        window.focus();
        note.close();
      };
    } catch {
      // Some browsers of phones allow notifications from workers only.
    }
  }

  /** @param {string} key */
  #announce(key) {
    const text = this.#words?.say(key) ?? "";
    // The same words again are news only if they were gone.
    this.#status.textContent = "";
    setTimeout(() => {
      this.#status.textContent = text;
    }, 50);
  }

  // Showing.

  #render() {
    const shown = this.#words;
    if (!shown || !this.isConnected) return;
    const view = this.#view;
    shown.zone = view?.account.time_zone;
    const now = this.#api?.now() ?? Date.now();
    const focused = this.#root.activeElement;
    patch(this.#stage, scene({ ...this.#state, view, words: shown, now, mayAsk: mayAsk() }, this.#press));
    if (focused && !this.#root.activeElement) this.#find(".title")?.focus();
    if (view) {
      const { title } = gist(view, shown);
      if (this.#told && this.#told !== title) this.#status.textContent = title;
      this.#told = title;
    }
    clearTimeout(this.#tick);
    if (document.visibilityState === "visible") {
      const wait = nextTick(view, this.#state, now);
      if (wait !== undefined) this.#tick = setTimeout(() => this.#render(), wait);
    }
  }

  /** @param {string} selector @returns {HTMLElement | null} */
  #find(selector) {
    return this.#root.querySelector(selector);
  }
}

/** @returns {Omit<import("./scene.js").Known, "view" | "words" | "now">} */
function fresh() {
  return {
    busy: "", since: Date.now(), panel: "", noteMissing: false, refusal: undefined, waitUntil: 0,
    access: "good", network: "good", copied: "", mayAsk: false,
  };
}

/**
 * When something that is shown changes by time alone.
 * @param {import("./api.js").View | undefined} view
 * @param {{ waitUntil: number }} state
 * @param {number} now
 */
function nextTick(view, state, now) {
  if (state.waitUntil > now) return 1_000;
  if (!view?.case || !isLive(view.case)) return undefined;
  const left = Date.parse(view.case.valid_until) - now;
  if (view.case.state !== "open" || left < 610_000) return 1_000 - (((now % 1_000) + 1_000) % 1_000);
  return (left % 60_000) + 50;
}

/** Whether the browser shows notifications of this page. */
function notifies() {
  return "Notification" in window && Notification.permission === "granted";
}

/** Whether it may be asked to. Pages in frames of another origin may not. */
function mayAsk() {
  if (!("Notification" in window) || Notification.permission !== "default" || !window.isSecureContext) return false;
  try {
    return window.top === window || window.top?.location.origin === location.origin;
  } catch {
    return false;
  }
}

/**
 * Copies a text, also where the page may not use the clipboard: in a frame, or without TLS.
 * @param {string} text
 * @param {ShadowRoot} root
 */
async function copied(text, root) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const focused = /** @type {HTMLElement | null} */ (root.activeElement);
    const field = document.createElement("textarea");
    field.className = "unseen";
    field.value = text;
    root.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    focused?.focus();
    return done;
  }
}

if (!customElements.get("casebridge-case")) customElements.define("casebridge-case", CasebridgeCase);

// @ts-check
// <casebridge-case token="…">: the service case of one ticket, in the ticket's page.

import { Access, freshToken } from "./access.js";
import { ACTS, Api, Refusal, wish } from "./api.js";
import { copied, patch } from "./dom.js";
import { gist } from "./gist.js";
import { Live } from "./live.js";
import { look } from "./look.js";
import { mayAsk, notifies, tell } from "./news.js";
import { nextTick, pace } from "./pace.js";
import { scene } from "./scene.js";
import { language, words } from "./words.js";

/** How long a button says that it copied. */
const COPIED = 2_000;

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
  /** What was told last, so that news is told once. */
  #told = "";
  /** @type {Omit<import("./scene.js").Known, "view" | "words" | "now" | "access" | "mayAsk">} */
  #state = fresh();
  #tick = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined);
  /** @type {Access | undefined} */
  #access;
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
    this.#state = fresh();
    this.#state.network = navigator.onLine ? "good" : "offline";
    this.#speak();
    const api = new Api(this.getAttribute("server")?.replace(/\/+$/, "") || new URL(import.meta.url).origin, this.token);
    this.#api = api;
    this.#access = new Access({
      token: () => this.token,
      ask: (refused) => freshToken(this, refused, this.renew),
      admit: (token) => this.#admit(api, token),
      changed: () => this.#render(),
    });
    // A page may leave the first token to the callback too.
    if (!this.token) void this.#access.renew(true);
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
    this.#access?.end();
  }

  /**
   * The token that was asked for: it is for the same ticket, so everything stays as it is.
   * @param {Api} api
   * @param {string} token
   */
  #admit(api, token) {
    api.token = token;
    this.token = token;
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
    const { network, busy } = this.#state;
    if (this.#access?.state !== "good" || network === "offline") return null;
    // What is asked for now would be older than the answer that is awaited.
    if (busy && !this.#live?.streams()) return null;
    return pace(this.#view, { now: this.#now(), since: this.#state.since, hidden: document.visibilityState === "hidden", notifies: notifies() });
  }

  /** @param {import("./api.js").View | undefined} view */
  #seen(view) {
    if (this.#state.network === "unreachable") this.#state.network = "good";
    this.#access?.proven();
    if (view) this.#take(view);
    this.#render();
  }

  /** @param {import("./api.js").View} view */
  #take(view) {
    const before = this.#view?.ticket.id === view.ticket.id ? this.#view : undefined;
    this.#view = view;
    if (before?.case?.id !== view.case?.id || before?.case?.state !== view.case?.state) {
      this.#state.since = this.#now();
      this.#state.panel = "";
      this.#state.noteMissing = false;
    }
    if (!before) this.#speak();
    this.#access?.ends(Date.parse(view.token_expires_at) - this.#now());
    tell(this, before, view, this.#words);
  }

  /** @param {unknown} error @param {number} again */
  #failed(error, again) {
    if (error instanceof Refusal) {
      if (error.status === 401 || error.status === 403) void this.#access?.renew(true);
      else if (error.retryAfter > 0) this.#waitFor(again);
      else this.#state.network = "unreachable";
    } else {
      this.#state.network = navigator.onLine ? "unreachable" : "offline";
    }
    this.#render();
  }

  /** @param {number} milliseconds */
  #waitFor(milliseconds) {
    this.#state.waitUntil = this.#now() + milliseconds;
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

  // Pressing.

  /** @type {import("./scene.js").Press} */
  #press = (button, text) => {
    const state = this.#state;
    if (button.startsWith("copy")) {
      void this.#copy(button, text ?? "");
    } else if (button in ACTS) {
      void this.#act(/** @type {import("./api.js").Act} */ (button));
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
      void this.#access?.renew(true);
    } else if (button === "notify") {
      void Notification.requestPermission().then(() => this.#render());
    }
  };

  /** @param {import("./api.js").Act} button */
  async #act(button) {
    const state = this.#state;
    const api = this.#api;
    if (!api || state.busy || this.#access?.state !== "good") return;
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

  /** @param {import("./api.js").Act} button @returns {Record<string, unknown> | undefined} */
  #body(button) {
    const note = /** @type {HTMLTextAreaElement | null} */ (this.#find("#note"));
    const to = /** @type {HTMLSelectElement | null} */ (this.#find("#to"));
    const typed = { note: note?.value.trim() ?? "", to: to?.value ?? "" };
    if (button === "stop-now") {
      this.#state.noteMissing = !typed.note && this.#view?.note === "required";
      if (this.#state.noteMissing) {
        this.#render();
        note?.focus();
        return undefined;
      }
    }
    return wish(button, this.#view, typed);
  }

  /** @param {unknown} error */
  #refused(error) {
    if (!(error instanceof Refusal)) {
      this.#failed(error, 0);
    } else if (error.status === 401) {
      void this.#access?.renew(true);
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
    const now = this.#now();
    const focused = this.#root.activeElement;
    patch(this.#stage, scene({ ...this.#state, view, words: shown, now, access: this.#access?.state ?? "good", mayAsk: mayAsk() }, this.#press));
    if (focused && !this.#root.activeElement) this.#find(".title")?.focus();
    if (view) {
      const { title } = gist(view, shown);
      if (this.#told && this.#told !== title) this.#status.textContent = title;
      this.#told = title;
    }
    clearTimeout(this.#tick);
    if (document.visibilityState === "visible") {
      const wait = nextTick(view, this.#state.waitUntil, now);
      if (wait !== undefined) this.#tick = setTimeout(() => this.#render(), wait);
    }
  }

  /** By the server's clock. */
  #now() {
    return this.#api?.now() ?? Date.now();
  }

  /** @param {string} selector @returns {HTMLElement | null} */
  #find(selector) {
    return this.#root.querySelector(selector);
  }
}

/** @returns {Omit<import("./scene.js").Known, "view" | "words" | "now" | "access" | "mayAsk">} */
function fresh() {
  return {
    busy: "", since: Date.now(), panel: "", noteMissing: false, refusal: undefined, waitUntil: 0,
    network: "good", copied: "",
  };
}

if (!customElements.get("casebridge-case")) customElements.define("casebridge-case", CasebridgeCase);

// @ts-check
// The server, as a widget token sees it, and what the buttons send to it.

/**
 * @typedef {{ id: string, name: string, email?: string }} Person
 * @typedef {{ state: string, at: string }} Invitation
 * @typedef {object} Case
 * @property {string} id
 * @property {string} ticket
 * @property {"asked" | "opening" | "open" | "closing" | "closed" | "expired" | "failed"} state
 * @property {boolean} online
 * @property {string} [session_code]
 * @property {string} [customer_link]
 * @property {string} [supporter_link]
 * @property {string} [webclient_supporter_link]
 * @property {string} started_at
 * @property {string} valid_until
 * @property {string} [online_at]
 * @property {string} [ended_at]
 * @property {number} [duration_seconds]
 * @property {string} [comment]
 * @property {Invitation} [invitation]
 * @property {Person} [technician]
 * @property {{ name: string, email?: string }} requester
 * @property {string} [problem]
 * @property {"default" | "pilot"} session_type
 *
 * @typedef {object} View
 * @property {{ name: string, language: string, time_zone: string }} account
 * @property {Person} technician
 * @property {Person[]} colleagues
 * @property {{ id: string, number: string, title: string, state: "open" | "closing" | "closed" }} ticket
 * @property {"active" | "draining" | "none" | "refused"} connection
 * @property {"optional" | "required"} note
 * @property {boolean} stream
 * @property {string} token_expires_at
 * @property {Case} [case]
 */

/** The server said no, and how to mend it (RFC 9457). */
export class Refusal extends Error {
  /**
   * @param {Response} answer
   * @param {Record<string, any>} body
   */
  constructor(answer, body) {
    super(String(body.title ?? `HTTP ${answer.status}`));
    this.status = answer.status;
    /** The stable name of the problem. */
    this.kind = String(body.type ?? "").split("/").pop() ?? "";
    this.detail = typeof body.detail === "string" ? body.detail : "";
    this.fix = typeof body.fix === "string" ? body.fix : "";
    /** The fields that are wrong. @type {{ field: string, message: string }[]} */
    this.errors = Array.isArray(body.errors) ? body.errors : [];
    /** Seconds to wait, where the server names them. */
    this.retryAfter = retryAfter(answer);
  }
}

/** The server can't be reached, or did not answer in time. */
export class Unreachable extends Error {}

/** What the buttons that ask the server send. */
export const ACTS = /** @type {const} */ ({
  play: "play", pilot: "play", "stop-now": "stop", "stop-again": "stop", "here-now": "stop",
  invitation: "invitation", take: "technician", "hand-over": "technician",
});

/** @typedef {keyof typeof ACTS} Act */

/**
 * What an act says to the server.
 * @param {Act} act
 * @param {View | undefined} view
 * @param {{ note: string, to: string }} typed
 * @returns {Record<string, unknown>}
 */
export function wish(act, view, { note, to }) {
  switch (act) {
    case "pilot":
      return { session_type: "pilot" };
    case "here-now":
      return { here_only: true };
    case "take":
      // From the queue the first one has it; from a colleague it is taken as it is seen.
      return { technician: view?.technician.id, if_unassigned: !view?.case?.technician };
    case "hand-over":
      return { technician: to || null };
    case "stop-now":
      return note ? { note } : {};
    default:
      return {};
  }
}

/** How long an answer may take, in milliseconds: whoever presses a button waits for TeamViewer too. */
const PATIENCE = { read: 10_000, act: 40_000 };
/** The server tells every 20 s that a stream is alive. */
const SILENCE = 45_000;

/** @param {Response} answer */
function retryAfter(answer) {
  const seconds = Number(answer.headers.get("Retry-After"));
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 600) : 0;
}

export class Api {
  /** What the server's clock is ahead of this one, in milliseconds. */
  #ahead = 0;
  #etag = "";

  /**
   * @param {string} server its origin
   * @param {string} token
   */
  constructor(server, token) {
    this.server = server;
    this.token = token;
  }

  /** Now, by the server's clock. */
  now() {
    return Date.now() + this.#ahead;
  }

  /**
   * What the ticket's widget shows now, or nothing where that is what was read last.
   * @param {AbortSignal} signal
   * @returns {Promise<View | undefined>}
   */
  async read(signal) {
    /** @type {Record<string, string>} */
    const headers = this.#etag ? { "If-None-Match": this.#etag } : {};
    return this.#fetch("", { headers }, PATIENCE.read, signal, async (answer) => {
      if (answer.status === 304) return undefined;
      const view = await body(answer);
      this.#etag = answer.headers.get("ETag") ?? "";
      return view;
    });
  }

  /**
   * Does what a button says, and tells how everything stands afterwards.
   * @param {"play" | "stop" | "invitation" | "technician"} path
   * @param {Record<string, unknown>} said
   * @returns {Promise<View>}
   */
  async act(path, said) {
    const headers = { "Content-Type": "application/json" };
    const wish = { method: "POST", headers, body: JSON.stringify(said) };
    // Whatever comes of it, what was read before is not what is there now.
    this.#etag = "";
    return this.#fetch(`/${path}`, wish, PATIENCE.act, undefined, body);
  }

  /**
   * Follows the server's events until the connection ends.
   * @param {AbortSignal} signal
   * @param {(view: View) => void} seen
   */
  async follow(signal, seen) {
    const quiet = new AbortController();
    const stop = () => quiet.abort();
    signal.addEventListener("abort", stop, { once: true });
    // A stream that says nothing at first is held up by something between, one that falls silent is dead.
    let timer = setTimeout(stop, PATIENCE.read);
    try {
      const headers = { Accept: "text/event-stream" };
      const answer = await this.#fetch("/events", { headers }, PATIENCE.read, quiet.signal, async (begun) => begun);
      if (!answer.ok || !answer.body) throw await refusal(answer);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { done, value } = await reader.read().catch(() => {
          throw new Unreachable("the stream broke off");
        });
        if (done) return;
        clearTimeout(timer);
        timer = setTimeout(stop, SILENCE);
        const blocks = (text + value).replaceAll("\r\n", "\n").split("\n\n");
        text = blocks.pop() ?? "";
        for (const block of blocks) {
          const data = block.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trim());
          if (data.length > 0) seen(JSON.parse(data.join("\n")));
        }
      }
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      quiet.abort();
    }
  }

  /**
   * @template T
   * @param {string} path
   * @param {RequestInit} wish
   * @param {number} patience until all of the answer is there that is used
   * @param {AbortSignal | undefined} signal
   * @param {(answer: Response) => Promise<T>} use
   * @returns {Promise<T>}
   */
  async #fetch(path, wish, patience, signal, use) {
    const late = new AbortController();
    const stop = () => late.abort();
    const timer = setTimeout(stop, patience);
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
    const sent = Date.now();
    try {
      const headers = { ...wish.headers, Authorization: `Bearer ${this.token}` };
      const answer = await fetch(`${this.server}/v1/widget${path}`, {
        ...wish, headers, signal: late.signal, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer",
      });
      this.#setClock(answer, sent);
      return await use(answer);
    } catch (error) {
      throw error instanceof Refusal ? error : new Unreachable(String(error));
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Answers tell the server's time in whole seconds: an offset is kept until one is off by more than that.
   * @param {Response} answer
   * @param {number} sent
   */
  #setClock(answer, sent) {
    const said = Date.parse(answer.headers.get("Date") ?? "");
    if (Number.isNaN(said)) return;
    const ahead = said + 500 - (sent + Date.now()) / 2;
    if (Math.abs(ahead - this.#ahead) > 1_500) this.#ahead = ahead;
  }
}

/**
 * @param {Response} answer
 * @returns {Promise<View>}
 */
async function body(answer) {
  if (!answer.ok) throw await refusal(answer);
  return answer.json();
}

/**
 * @param {Response} answer
 * @returns {Promise<Refusal>}
 */
async function refusal(answer) {
  const body = await answer.json().catch(() => ({}));
  return new Refusal(answer, body !== null && typeof body === "object" ? body : {});
}

// @ts-check
// A token that is good for a while: another one is asked of the page before it ends, and when the server refuses it.

/** It is renewed so long before it ends, in milliseconds. */
const RENEW = 60_000;

/** What a timer can wait for, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

export class Access {
  /** @type {"good" | "renewing" | "gone"} */
  state = "good";
  /** Whether the token that is there was never taken by the server. */
  #unproven = false;
  #over = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {{ token: () => string, ask: (refused: boolean) => Promise<string | undefined>, admit: (token: string) => void, changed: () => void }} holder */
  constructor(holder) {
    this.holder = holder;
  }

  /** The server takes the token. */
  proven() {
    this.#unproven = false;
  }

  /** @param {number} left milliseconds until the token ends */
  ends(left) {
    clearTimeout(this.#timer);
    if (!Number.isNaN(left)) this.#timer = setTimeout(() => void this.renew(), Math.min(Math.max(left - Math.min(RENEW, left / 2), 0), LONGEST));
  }

  /** Asks for a fresh token. @param {boolean} [refused] whether the server refuses the one that is there */
  async renew(refused = false) {
    if (this.state === "renewing" || this.#over) return;
    if (refused && this.#unproven) {
      // What the page gave is refused too: asking on and on would not help.
      this.#unproven = false;
      this.state = "gone";
      this.holder.changed();
      return;
    }
    if (refused) this.state = "renewing";
    const token = await this.holder.ask(refused);
    // Meanwhile the page may have gone on to another ticket.
    if (this.#over) return;
    if (token && token !== this.holder.token()) {
      this.#unproven = true;
      this.state = "good";
      this.holder.admit(token);
    }
    // A token that is about to end is used to its end.
    if (this.state === "renewing") this.state = "gone";
    this.holder.changed();
  }

  /** Nothing is asked for any more. */
  end() {
    clearTimeout(this.#timer);
    this.#over = true;
  }
}

/**
 * Asks the page for a fresh token: by an event first, then by the callback that it left.
 * @param {HTMLElement} element
 * @param {boolean} refused whether the server refuses the one that is there
 * @param {(() => string | Promise<string>) | undefined} renew
 * @returns {Promise<string | undefined>}
 */
export async function freshToken(element, refused, renew) {
  /** @type {string | Promise<string> | undefined} */
  let answer;
  const respond = (/** @type {string | Promise<string>} */ token) => {
    answer = token;
  };
  element.dispatchEvent(new CustomEvent("casebridge-token", { bubbles: true, composed: true, detail: { refused, respond } }));
  try {
    return await (answer ?? renew?.());
  } catch (error) {
    console.warn("Casebridge: the page gave no fresh token:", error);
    return undefined;
  }
}

// @ts-check
// When to look: by the server's events where it holds a connection, else by asking again and again.

import { Refusal } from "./api.js";

/** How long a page that is left keeps its connection. A browser has six to a server over HTTP/1.1, for all its tabs. */
const LINGER = 5_000;
const RETRY = { first: 1_000, most: 60_000 };

/**
 * @typedef {object} Source
 * @property {() => number | null} pace how long to wait after a look; `null`: no look at all
 * @property {() => boolean} streams whether the server holds connections
 * @property {(signal: AbortSignal) => Promise<void>} look
 * @property {(signal: AbortSignal, first: () => void) => Promise<void>} follow until the connection ends
 * @property {(error: unknown, again: number) => void} failed what went wrong, and in how many milliseconds it goes on
 */

/** Keeps looking, one look at a time. */
export class Live {
  /** @type {() => void} */
  #wake = () => {};
  #stopped = false;
  /** What is under way. @type {AbortController | undefined} */
  #now;
  /** Streams that gave nothing: after two, something between does not let them through. */
  #mute = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #leaving;

  /** @param {Source} source */
  constructor(source) {
    this.source = source;
  }

  /** Whether events are followed, rather than asked for. */
  streams() {
    return this.source.streams() && this.#mute < 2 && document.visibilityState === "visible";
  }

  /** Looks at once, and goes on until `stop`. */
  async start() {
    let failures = 0;
    while (!this.#stopped) {
      const pace = this.source.pace();
      if (pace === null) {
        await this.#nap(undefined);
        continue;
      }
      const now = new AbortController();
      this.#now = now;
      try {
        if (this.streams()) {
          this.#mute += 1;
          await this.source.follow(now.signal, () => {
            this.#mute = 0;
            failures = 0;
          });
          if (!now.signal.aborted) await this.#nap(RETRY.first * jitter());
        } else {
          await this.source.look(now.signal);
          failures = 0;
          // Whether there is a stream, the first look tells.
          const next = this.source.pace();
          if (next !== null && !this.streams() && !now.signal.aborted) await this.#nap(next * jitter());
        }
      } catch (error) {
        if (now.signal.aborted) {
          this.#mute = 0;
          continue;
        }
        if (error instanceof Refusal && error.status === 404 && this.streams()) {
          // This host holds no connections after all.
          this.#mute = 2;
          continue;
        }
        const asked = error instanceof Refusal ? error.retryAfter * 1_000 : 0;
        const again = Math.max(asked, Math.min(RETRY.most, RETRY.first * 2 ** failures) * jitter());
        failures += 1;
        this.source.failed(error, again);
        await this.#nap(again);
      } finally {
        this.#now = undefined;
      }
    }
  }

  /** Something changed: look now, by today's rules. */
  wake() {
    clearTimeout(this.#leaving);
    this.#now?.abort();
    this.#wake();
  }

  /** Nobody looks at the page any more. */
  leave() {
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => this.wake(), LINGER);
  }

  stop() {
    this.#stopped = true;
    this.wake();
  }

  /** @param {number | undefined} milliseconds */
  #nap(milliseconds) {
    return new Promise((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(() => resolve(undefined), milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
      if (this.#stopped) this.#wake();
    });
  }
}

/** So that a thousand pages do not ask at the same moment. */
function jitter() {
  return 0.9 + Math.random() * 0.2;
}

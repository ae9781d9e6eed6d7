// @ts-check
// What is said, in the technician's language: the messages come from a file of the language, asked for once.

/** The languages that there are, each as the locale that is written unless the browser prefers another of the same. */
const LOCALES = /** @type {const} */ ({ en: "en", pt: "pt-BR", es: "es", fr: "fr", zh: "zh-CN" });

/** @typedef {keyof typeof LOCALES} Language */

/**
 * The language of ours that a language tag means.
 * @param {string | null | undefined} tag
 * @returns {Language | undefined}
 */
export function language(tag) {
  const base = (tag ?? "").toLowerCase().split(/[-_]/)[0] ?? "";
  return base in LOCALES ? /** @type {Language} */ (base) : undefined;
}

/** @type {Map<Language, Promise<Words>>} */
const known = new Map();

/**
 * The words of a language. What could not be fetched is asked for again by the next call.
 * @param {Language} wish
 * @returns {Promise<Words>}
 */
export function words(wish) {
  let found = known.get(wish);
  if (!found) {
    found = fetch(new URL(`messages/${wish}.json`, import.meta.url)).then(async (answer) => {
      if (!answer.ok) throw new Error(`no words in ${wish}: ${answer.status}`);
      return new Words(wish, await answer.json());
    });
    found.catch(() => known.delete(wish));
    known.set(wish, found);
  }
  return found;
}

export class Words {
  /**
   * @param {Language} wish
   * @param {Record<string, string>} messages
   */
  constructor(wish, messages) {
    this.language = wish;
    this.messages = messages;
    this.locale = navigator.languages?.find((tag) => language(tag) === wish) ?? LOCALES[wish];
    /** The account's time zone, as soon as it is known. @type {string | undefined} */
    this.zone = undefined;
  }

  /** Whether there is such a message. @param {string} key */
  has(key) {
    return Object.hasOwn(this.messages, key);
  }

  /**
   * A message with its `{names}` filled in.
   * @param {string} key
   * @param {Record<string, string>} [values]
   */
  say(key, values = {}) {
    return (this.messages[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  /** Day and time in the account's zone, which is named where the browser's own is another. @param {string} instant */
  moment(instant) {
    return this.#format(instant, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  }

  /** The time in the account's zone. @param {string} instant */
  time(instant) {
    return this.#format(instant, { hour: "2-digit", minute: "2-digit" });
  }

  /**
   * @param {string} instant
   * @param {Intl.DateTimeFormatOptions} how
   */
  #format(instant, how) {
    const date = new Date(instant);
    if (Number.isNaN(date.getTime())) return instant;
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const named = this.zone && this.zone !== here ? /** @type {const} */ ("short") : undefined;
    try {
      return new Intl.DateTimeFormat(this.locale, { ...how, timeZone: this.zone, timeZoneName: named }).format(date);
    } catch {
      // A zone that this browser does not know yet.
      return new Intl.DateTimeFormat(this.locale, { ...how, timeZoneName: "short" }).format(date);
    }
  }

  /**
   * A length of time: hours and minutes, or minutes and seconds where it is short.
   * @param {number} seconds
   */
  duration(seconds) {
    const whole = Math.max(0, Math.floor(seconds));
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    /** @type {Record<string, number>} */
    const parts = hours > 0 ? { hours, minutes } : whole >= 600 ? { minutes } : minutes > 0 ? { minutes, seconds: rest } : { seconds: rest };
    const { DurationFormat } = /** @type {any} */ (Intl);
    if (DurationFormat) {
      return new DurationFormat(this.locale, { style: "short", secondsDisplay: whole < 600 ? "always" : "auto" }).format(parts);
    }
    const said = Object.entries(parts)
      .filter(([unit, count]) => count > 0 || unit === "seconds")
      .map(([unit, count]) =>
        new Intl.NumberFormat(this.locale, { style: "unit", unit: unit.slice(0, -1), unitDisplay: "short" }).format(count),
      );
    return new Intl.ListFormat(this.locale, { type: "unit", style: "short" }).format(said);
  }
}

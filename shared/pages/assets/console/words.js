// @ts-check
// What is said, in the reader's language, and how days, numbers and durations are written there.

import { noon } from "./days.js";

/** The languages that there are, each as the locale that is written unless the browser prefers another of the same. */
export const LOCALES = /** @type {const} */ ({ en: "en", pt: "pt-BR", es: "es", fr: "fr", zh: "zh-CN" });

/** Their own names. */
export const NAMES = /** @type {const} */ ({ en: "English", pt: "Português", es: "Español", fr: "Français", zh: "中文" });

/** @typedef {keyof typeof LOCALES} Language */

const CHOSEN = "casebridge.language";

/**
 * The language of ours that a language tag means.
 * @param {string | null | undefined} tag
 * @returns {Language | undefined}
 */
export function language(tag) {
  const base = (tag ?? "").toLowerCase().split(/[-_]/)[0] ?? "";
  return base in LOCALES ? /** @type {Language} */ (base) : undefined;
}

/** The language that was chosen in this browser, if one was. */
export function chosen() {
  try {
    return language(localStorage.getItem(CHOSEN));
  } catch {
    return undefined;
  }
}

/** Keeps the choice for the next time, where the browser lets us. @param {Language} wish */
export function choose(wish) {
  try {
    localStorage.setItem(CHOSEN, wish);
  } catch {
    // Then it lasts as long as the page.
  }
}

/** The browser's language, if it is one of ours. */
export function preferred() {
  return navigator.languages.map(language).find((found) => found !== undefined);
}

/** @type {Map<Language, Promise<Record<string, string>>>} */
const fetched = new Map();

/** @param {Language} wish @returns {Promise<Record<string, string>>} */
function messages(wish) {
  let found = fetched.get(wish);
  if (!found) {
    found = fetch(new URL(`messages/${wish}.json`, import.meta.url)).then((answer) => {
      if (!answer.ok) throw new Error(`no words in ${wish}: ${answer.status}`);
      return answer.json();
    });
    found.catch(() => fetched.delete(wish));
    fetched.set(wish, found);
  }
  return found;
}

/** The words of a language, in an account's time zone. @param {Language} wish @param {string} zone */
export async function words(wish, zone) {
  return new Words(wish, zone, await messages(wish));
}

export class Words {
  /** @type {Map<string, Intl.DateTimeFormat | Intl.NumberFormat>} */
  #formats = new Map();

  /**
   * @param {Language} wish
   * @param {string} zone
   * @param {Record<string, string>} texts
   */
  constructor(wish, zone, texts) {
    this.language = wish;
    this.zone = zone;
    this.texts = texts;
    this.locale = navigator.languages.find((tag) => language(tag) === wish) ?? LOCALES[wish];
  }

  /** Whether there is such a message. @param {string} key */
  has(key) {
    return Object.hasOwn(this.texts, key);
  }

  /**
   * A message with its `{names}` filled in; numbers are written as the language does.
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   */
  say(key, values = {}) {
    const text = this.texts[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => {
      const value = values[name];
      return value === undefined ? whole : typeof value === "number" ? this.number(value) : value;
    });
  }

  /** @param {number} value */
  number(value) {
    return this.#numbers("number", {}).format(value);
  }

  /** Several names, one after the other. @param {string[]} names */
  list(names) {
    return new Intl.ListFormat(this.locale, { type: "unit", style: "short" }).format(names);
  }

  /** A share of one, as a percentage. @param {number} share */
  percent(share) {
    return this.#numbers("percent", { style: "percent", maximumFractionDigits: 1 }).format(share);
  }

  /** A change against before, with its sign. @param {number} share */
  change(share) {
    return this.#numbers("change", { style: "percent", maximumFractionDigits: 0, signDisplay: "exceptZero" }).format(share);
  }

  /** A large number in few letters. @param {number} value */
  short(value) {
    return this.#numbers("short", { notation: "compact", maximumFractionDigits: 1 }).format(value);
  }

  /**
   * A length of time: hours and minutes, or minutes and seconds where it is short.
   * @param {number} seconds
   */
  duration(seconds) {
    const whole = Math.max(0, Math.round(seconds));
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    /** @type {[string, number][]} */
    const parts =
      hours >= 1000 ? [["hour", Math.round(whole / 3600)]]
      : hours > 0 ? [["hour", hours], ["minute", minutes]]
      : minutes >= 10 || (minutes > 0 && rest === 0) ? [["minute", rest >= 30 ? minutes + 1 : minutes]]
      : minutes > 0 ? [["minute", minutes], ["second", rest]]
      : [["second", rest]];
    const said = parts.filter(([, count], nth) => nth === 0 || count > 0).map(([unit, count]) => this.#numbers(unit, { style: "unit", unit, unitDisplay: "narrow" }).format(count));
    return said.join(this.language === "zh" ? "" : " ");
  }

  /** A day. @param {string} day */
  day(day) {
    return this.#dates("day", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(noon(day));
  }

  /** A day with the name of its weekday. @param {string} day */
  weekday(day) {
    return this.#dates("weekday", { weekday: "short", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(noon(day));
  }

  /** A day within a year that is known. @param {string} day */
  shortDay(day) {
    return this.#dates("short day", { day: "numeric", month: "short", timeZone: "UTC" }).format(noon(day));
  }

  /** @param {string} day of the month */
  month(day) {
    return this.#dates("month", { month: "long", year: "numeric", timeZone: "UTC" }).format(noon(day));
  }

  /** @param {string} day of the month */
  shortMonth(day) {
    return this.#dates("short month", { month: "short", year: "2-digit", timeZone: "UTC" }).format(noon(day));
  }

  /** From the first day to the last. @param {string} first @param {string} last */
  days(first, last) {
    const format = this.#dates("day", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
    return first === last ? this.day(first) : format.formatRange(noon(first), noon(last));
  }

  /** Day and time in the account's zone. @param {string} instant */
  moment(instant) {
    return this.#instant("moment", instant, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
  }

  /** The time of day in the account's zone. @param {string} instant */
  time(instant) {
    return this.#instant("time", instant, { hour: "2-digit", minute: "2-digit" });
  }

  /** The time of day in the account's zone, to the second. @param {string} instant */
  exactly(instant) {
    return this.#instant("exactly", instant, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  }

  /**
   * @param {string} name
   * @param {string} instant
   * @param {Intl.DateTimeFormatOptions} how
   */
  #instant(name, instant, how) {
    const date = new Date(instant);
    if (Number.isNaN(date.getTime())) return instant;
    try {
      return this.#dates(name, { ...how, timeZone: this.zone }).format(date);
    } catch {
      // A zone that this browser does not know yet: its own, and it says so.
      return this.#dates(`${name} here`, { ...how, timeZoneName: "short" }).format(date);
    }
  }

  /**
   * @param {string} name
   * @param {Intl.DateTimeFormatOptions} how
   */
  #dates(name, how) {
    const found = this.#formats.get(name) ?? new Intl.DateTimeFormat(this.locale, how);
    this.#formats.set(name, found);
    return /** @type {Intl.DateTimeFormat} */ (found);
  }

  /**
   * @param {string} name
   * @param {Intl.NumberFormatOptions} how
   */
  #numbers(name, how) {
    const found = this.#formats.get(name) ?? new Intl.NumberFormat(this.locale, how);
    this.#formats.set(name, found);
    return /** @type {Intl.NumberFormat} */ (found);
  }
}

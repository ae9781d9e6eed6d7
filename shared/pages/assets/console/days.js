// @ts-check
// Days, as `2026-11-22`: what is chosen, counted and asked for. No time of day and no zone in here, but for today.

/** @typedef {{ from: string, to: string }} Days the first day, and the day after the last */

/** The ranges that have a name. */
export const RANGES = /** @type {const} */ (["this_month", "last_month", "last_30_days", "this_year"]);

/** @typedef {(typeof RANGES)[number]} Range */

/** What is shown first. @type {Range} */
export const FIRST_RANGE = "last_30_days";

/** The longest range that the API adds up. */
const LONGEST_YEARS = 20;

/** The day it is in a time zone. @param {string} zone @param {Date} [now] */
export function today(zone, now = new Date()) {
  /** @type {Intl.DateTimeFormatOptions} */
  const how = { year: "numeric", month: "2-digit", day: "2-digit" };
  try {
    return new Intl.DateTimeFormat("en-CA", { ...how, timeZone: zone }).format(now);
  } catch {
    return new Intl.DateTimeFormat("en-CA", how).format(now);
  }
}

/** @param {string} day @param {number} count */
export function addDays(day, count) {
  const date = noon(day);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** @param {string} day @param {number} count */
export function addMonths(day, count) {
  const date = noon(`${day.slice(0, 7)}-01`);
  date.setUTCMonth(date.getUTCMonth() + count);
  return date.toISOString().slice(0, 10);
}

/** How many days there are. @param {Days} days */
export function length({ from, to }) {
  return Math.round((noon(to).getTime() - noon(from).getTime()) / 86_400_000);
}

/** A moment of the day, for formatting in UTC. @param {string} day */
export function noon(day) {
  return new Date(`${day}T12:00:00Z`);
}

/** The days of a named range. @param {Range} range @param {string} now today */
export function daysOf(range, now) {
  const month = addMonths(now, 0);
  /** @type {Record<Range, () => Days>} */
  const ranges = {
    this_month: () => ({ from: month, to: addMonths(month, 1) }),
    last_month: () => ({ from: addMonths(month, -1), to: month }),
    last_30_days: () => ({ from: addDays(now, -29), to: addDays(now, 1) }),
    this_year: () => ({ from: `${now.slice(0, 4)}-01-01`, to: `${Number(now.slice(0, 4)) + 1}-01-01` }),
  };
  return ranges[range]();
}

/**
 * What a range is held against: as many days, or months, just before. Of a range that is not over, only as much is over.
 * @param {Days} days
 * @param {string} now today
 * @returns {Days}
 */
export function before(days, now) {
  const whole = days.from.endsWith("-01") && days.to.endsWith("-01");
  const months = (Number(days.to.slice(0, 4)) - Number(days.from.slice(0, 4))) * 12 + Number(days.to.slice(5, 7)) - Number(days.from.slice(5, 7));
  const from = whole ? addMonths(days.from, -months) : addDays(days.from, -length(days));
  const over = now >= days.from && now < days.to ? addDays(from, length({ from: days.from, to: now }) + 1) : days.from;
  return { from, to: over < days.from ? over : days.from };
}

/** Whether it is a day of the calendar. @param {string} day */
export function isDay(day) {
  const date = /^\d{4}-\d\d-\d\d$/.test(day) ? noon(day) : undefined;
  return date !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

/** Whether a report of these days can be asked for. @param {Days} days */
export function areDays({ from, to }) {
  if (!isDay(from) || !isDay(to) || from >= to) return false;
  const latest = `${String(Number(from.slice(0, 4)) + LONGEST_YEARS).padStart(4, "0")}${from.slice(4)}`;
  return to <= latest;
}

/** @typedef {"day" | "month"} Step */

/** The most days that are drawn one by one. */
const MOST_DAYS = 92;

/** The steps that a range is asked for and drawn in, so that bars can be told apart. @param {Days} days @returns {Step} */
export function stepOf(days) {
  return length(days) <= MOST_DAYS ? "day" : "month";
}

/** The first day of the step that a day, or a month, is in. @param {string} day @param {Step} step */
export function startOf(day, step) {
  return step === "day" ? day : addMonths(day, 0);
}

/** The first day of the step after. @param {string} start @param {Step} step */
export function nextOf(start, step) {
  return step === "day" ? addDays(start, 1) : addMonths(start, 1);
}

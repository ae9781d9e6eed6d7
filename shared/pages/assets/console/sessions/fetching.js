// @ts-check
// What the report is read from: one answer by day or month and one for each breakdown, all asked for side by side.

import { length, nextOf, noon, startOf, stepOf, addDays } from "../days.js";

/**
 * @typedef {object} Figures
 * @property {number} sessions
 * @property {number} closed
 * @property {number} total_seconds
 * @property {number | null} average_seconds
 * @property {number} expired
 * @property {number} joined
 * @property {number} never_joined
 * @property {number | null} no_show_rate
 * @property {number} waiting_seconds
 * @property {number | null} average_waiting_seconds
 * @property {number} excluded
 */

/** @typedef {Figures & { value: string | null, name?: string | null }} Group */

/**
 * @typedef {object} Report
 * @property {string} from
 * @property {string} to
 * @property {Figures} total
 * @property {Group[]} groups
 * @property {Figures} [elsewhere]
 * @property {number} live
 */

/** What sessions are broken down by. */
export const DIMENSIONS = /** @type {const} */ (["category", "type", "priority", "source", "technician"]);

/** @typedef {(typeof DIMENSIONS)[number]} Dimension */

/** @typedef {{ from: string, to: string, technician?: string | undefined, without?: string | undefined }} Wish */

/** @typedef {Figures & { from: string, to: string }} Stretch some days that are drawn as one bar */

/**
 * @param {import("../api.js").Api} api
 * @param {Wish} wish
 * @param {string | undefined} by
 * @param {AbortSignal} [signal]
 * @returns {Promise<Report>}
 */
export function report(api, wish, by, signal) {
  return api.get("/reports/sessions", { ...wish, group_by: by }, signal);
}

/**
 * The days of a report in bars: each day or month of the range, also where nothing happened.
 * @param {Report} report by the step of its range
 * @param {string} now today: what has not come yet is drawn only to the end of a short range
 * @returns {{ step: import("../days.js").Step, stretches: Stretch[] }}
 */
export function stretches({ from, to, groups }, now) {
  const step = stepOf({ from, to });
  const days = { from: longRun({ from, to }) ? startOf(groups[0]?.value ?? from, step) : from, to };
  if (length(days) > 62 && now < days.to && now >= days.from) days.to = addDays(now, 1);
  /** @type {Map<string, Stretch>} */
  const found = new Map();
  for (let start = startOf(days.from, step); start < days.to; start = nextOf(start, step)) {
    const next = nextOf(start, step);
    found.set(start, { ...nothing(), from: start < from ? from : start, to: next > to ? to : next });
  }
  for (const group of groups) {
    const stretch = group.value ? found.get(startOf(group.value, step)) : undefined;
    if (stretch) add(stretch, group);
  }
  return { step, stretches: [...found.values()].map(rate) };
}

/** Years of which the first may be empty: they are drawn from the first session on. @param {{ from: string, to: string }} days */
function longRun(days) {
  return noon(days.to).getTime() - noon(days.from).getTime() > 740 * 86_400_000;
}

/** @returns {Figures} */
export function nothing() {
  return {
    sessions: 0, closed: 0, total_seconds: 0, average_seconds: null, expired: 0, joined: 0, never_joined: 0, no_show_rate: null,
    waiting_seconds: 0, average_waiting_seconds: null, excluded: 0,
  };
}

/** @param {Figures} sum @param {Figures} more */
export function add(sum, more) {
  sum.sessions += more.sessions;
  sum.closed += more.closed;
  sum.total_seconds += more.total_seconds;
  sum.expired += more.expired;
  sum.joined += more.joined;
  sum.never_joined += more.never_joined;
  sum.waiting_seconds += more.waiting_seconds;
  sum.excluded += more.excluded;
}

/**
 * Averages and rates, by the definitions of the report.
 * @template {Figures} Sum
 * @param {Sum} sum
 * @returns {Sum}
 */
export function rate(sum) {
  return {
    ...sum,
    average_seconds: sum.closed > 0 ? Math.round(sum.total_seconds / sum.closed) : null,
    average_waiting_seconds: sum.joined > 0 ? Math.round(sum.waiting_seconds / sum.joined) : null,
    no_show_rate: sum.sessions > 0 ? sum.never_joined / sum.sessions : null,
  };
}

// @ts-check
// How often to look where the server holds no connection, and when something that is shown changes by time alone.

import { isLive } from "./gist.js";

/** Between two looks, in milliseconds; `later` and `late` are of a case whose customer has not come for a while. */
export const PACE = { waiting: 1_500, later: 5_000, late: 15_000, live: 15_000, idle: 60_000 };

/**
 * So long after play, an invitation or a press on the customer's page, a customer is likely to come. The server's own watch
 * slows down at the same times: what it does not know yet need not be asked for.
 */
const LIKELY = { soon: 600_000, still: 3_600_000 };

/**
 * How long to wait until the next look; `null`: none at all.
 * @param {import("./api.js").View | undefined} view
 * @param {{ now: number, since: number, hidden: boolean, notifies: boolean }} seen `now` and `since` by the server's clock:
 *   since when what is shown is so; whether nobody looks at the page, and whether notifications are shown then
 */
export function pace(view, { now, since, hidden, notifies }) {
  if (!view) return PACE.idle;
  const shown = view.case;
  const waits = shown !== undefined && isLive(shown) && !shown.online;
  // Only whoever asked to be notified is looked for in a page that nobody sees.
  if (hidden) return waits && notifies ? PACE.live : null;
  if (!waits) return isLive(shown) ? PACE.live : PACE.idle;
  // What is being opened or closed is about to change, however old the case is.
  const waited = now - (shown.state === "open" ? eagerSince(shown) : since);
  return waited < LIKELY.soon ? PACE.waiting : waited < LIKELY.still ? PACE.later : PACE.late;
}

/** When there was last a reason for the customer to come. @param {import("./api.js").Case} shown */
function eagerSince(shown) {
  const times = [shown.started_at, shown.invitation?.at].map((time) => Date.parse(time ?? ""));
  return Math.max(...times.filter((time) => !Number.isNaN(time)));
}

/**
 * In how many milliseconds something that is shown changes by time alone, if it does.
 * @param {import("./api.js").View | undefined} view
 * @param {number} waitUntil when the server takes requests again
 * @param {number} now
 */
export function nextTick(view, waitUntil, now) {
  if (waitUntil > now) return 1_000;
  if (!view?.case || !isLive(view.case)) return undefined;
  const left = Date.parse(view.case.valid_until) - now;
  if (view.case.state !== "open" || left < 610_000) return 1_000 - (((now % 1_000) + 1_000) % 1_000);
  return (left % 60_000) + 50;
}

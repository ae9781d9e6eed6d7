// @ts-check
// What it comes to: in which state the ticket's case is, in a word.

/**
 * @typedef {import("./api.js").View} View
 * @typedef {import("./api.js").Case} Case
 * @typedef {import("./words.js").Words} Words
 *
 * @typedef {{ name: string, mood: string, title: string, text: string }} Gist
 */

/** Whether the case holds the ticket. @param {Case | undefined} shown */
export function isLive(shown) {
  return shown !== undefined && ["opening", "open", "closing"].includes(shown.state);
}

/**
 * Why nothing can be started, if so.
 * @param {View} view
 */
export function hindrance(view) {
  if (view.connection !== "active") return view.connection;
  return view.ticket.state === "open" ? "" : `ticket-${view.ticket.state}`;
}

/**
 * What it comes to, in a word.
 * @param {View} view
 * @param {Words} words
 * @returns {Gist}
 */
export function gist(view, words) {
  const shown = view.case;
  /** @type {(name: string, mood: string, values?: Record<string, string>) => Gist} */
  const say = (name, mood, values) => ({
    name, mood, title: words.say(`${name}.title`, values).replace(/[.。]$/, ""), text: words.has(`${name}.text`) ? words.say(`${name}.text`, values) : "",
  });
  if (shown && (isLive(shown) || shown.state === "asked")) {
    const name = shown.requester.name;
    if (shown.state !== "open") return say(shown.state, "busy", { name });
    if (shown.online) return say("online", "good", { name, time: words.time(shown.online_at ?? shown.started_at) });
    return say(shown.online_at ? "left" : "waiting", "wait", { name });
  }
  const cause = hindrance(view);
  if (shown?.state === "closed" || shown?.state === "expired") return say(shown.state, "done");
  if (cause) return say(cause, view.connection === "active" ? "done" : "bad");
  if (shown) return { ...say("failed", "bad"), text: words.say(failure(shown.problem, words)) };
  return say("idle", "idle");
}

/** Why a case failed, as problems are called. @type {Record<string, string>} */
const CAUSES = { rate_limited: "teamviewer-busy", refused: "teamviewer-refused", no_answer: "teamviewer-failed" };

/**
 * @param {string | undefined} problem
 * @param {Words} words
 */
function failure(problem, words) {
  const key = `problem.${CAUSES[problem ?? ""] ?? (problem ?? "").replaceAll("_", "-")}`;
  return words.has(key) ? key : "problem.internal";
}

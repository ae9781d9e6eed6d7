// @ts-check
// Those who ask for help and wait for somebody to take it: for how long, and in which turn.

/**
 * @typedef {object} Waiting a case, as far as its turn is concerned
 * @property {string} id in the order of their beginnings
 * @property {string} state
 * @property {{ asked_at: string }} [request]
 * @property {string} started_at
 */

/** Whole minutes since somebody asked. @param {Waiting} one */
export function minutes(one) {
  return Math.max(0, Math.floor((Date.now() - Date.parse(one.request?.asked_at ?? one.started_at)) / 60_000));
}

/** The queue: who asks comes first, and of those who has waited longest. @template {Waiting} T @param {T[]} cases */
export function inTurn(cases) {
  const asks = cases.filter((one) => one.state === "asked").sort((one, other) => (one.id < other.id ? -1 : 1));
  return [...asks, ...cases.filter((one) => one.state !== "asked")];
}

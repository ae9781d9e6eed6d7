// @ts-check
// The address of the sessions behind a number.

import { address } from "../address.js";

/**
 * @param {import("./fetching.js").Wish} wish
 * @param {Record<string, string | undefined>} [more] what else they have in common
 */
export function behind(wish, more = {}) {
  const without = [wish.without, more["without"]].filter(Boolean).join(",");
  return address("records", { ...wish, ...more, without });
}

/**
 * Those of one group.
 * @param {import("./fetching.js").Wish} wish
 * @param {string} by
 * @param {string | null} value
 * @param {Record<string, string | undefined>} [more]
 */
export function behindGroup(wish, by, value, more = {}) {
  if (value !== null) return behind(wish, { ...more, [by]: value });
  return behind(by === "technician" ? { ...wish, technician: undefined, without: undefined } : wish, { ...more, without: by });
}

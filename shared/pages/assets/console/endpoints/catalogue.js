// @ts-check
// The types of events, by kind, as they are chosen and named. A test holds them against the API's description.

/** @typedef {import("../words.js").Words} Words */

/** What happens to sessions first, what is settled once last. @type {Record<string, readonly string[]>} */
export const KINDS = {
  case: ["opened", "failed", "closing", "closed", "expired", "token_refused"],
  customer: ["online", "left", "returned"],
  invitation: ["queued", "accepted", "delivered", "opened", "bounced", "complained", "failed", "cancelled", "disowned"],
  help: ["asked", "given_back", "withdrawn", "not_taken"],
  ticket: ["changed", "closed", "reopened"],
  technician: ["changed", "signed_in", "asked_again", "signed_out"],
  device: ["handed_over", "start_lost"],
  record: ["changed"],
  connection: ["registered", "changed", "refused", "revoked"],
  activation: ["made", "removed"],
  account: ["made", "changed", "deleted"],
  key: ["made", "deleted"],
  template: ["saved", "reset", "tested"],
  figures: ["rebuilt"],
  audit: ["erased"],
  endpoint: ["made", "changed", "deleted", "failing", "disabled"],
};

/** What somebody tries an endpoint with: it is sent whatever was chosen. */
export const TEST = "endpoint.test";

/**
 * What a type, or all of a kind (`case.*`), is called; one that is not known here, by itself.
 * @param {Words} words
 * @param {string} type
 */
export function named(words, type) {
  const kind = type.endsWith(".*") ? `kind_of_event.${type.slice(0, -2)}` : `event.${type}`;
  return words.has(kind) ? words.say(kind) : type;
}

/**
 * What an endpoint is sent, in a few words.
 * @param {Words} words
 * @param {string[]} events
 */
export function summary(words, events) {
  return events.length === 0 ? words.say("endpoints.events.all") : words.list(events.map((type) => named(words, type)));
}

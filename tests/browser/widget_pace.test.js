// How often a widget looks where the server holds no connection.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PACE, nextTick, pace } from "../../shared/pages/assets/widget/pace.js";
import { at, ended, view, waiting } from "./support/views.js";

const MINUTE = 60_000;
const seen = { now: Date.now(), since: Date.now(), hidden: false, notifies: false };

/** The pace of a case that waits, so many minutes after play. @param {number} minutes @param {Partial<import("../../shared/pages/assets/widget/api.js").Case>} [change] */
function after(minutes, change = {}) {
  const times = { started_at: at(-minutes * MINUTE), invitation: { state: "accepted", at: at(-minutes * MINUTE + 1_000) } };
  return pace(view({ case: waiting({ ...times, ...change }) }), { ...seen, since: seen.now - minutes * MINUTE });
}

test("a case that waits is looked at less often after ten minutes, and after an hour", () => {
  assert.deepEqual([0, 9, 11, 59, 62, 1_400].map((minutes) => after(minutes)), [PACE.waiting, PACE.waiting, PACE.later, PACE.later, PACE.late, PACE.late]);
  assert.deepEqual([PACE.waiting, PACE.later, PACE.late], [1_500, 5_000, 15_000]);
});

test("an invitation that is sent again or opened makes the customer likely to come once more", () => {
  for (const state of ["queued", "opened"]) assert.equal(after(300, { invitation: { state, at: at(-MINUTE) } }), PACE.waiting);
  assert.equal(after(300, { invitation: { state: "opened", at: at(-30 * MINUTE) } }), PACE.later);
  assert.equal(after(30, { invitation: undefined }), PACE.later);
});

test("what is being closed is about to change, however old its case is", () => {
  const old = { started_at: at(-300 * MINUTE), invitation: undefined };
  const closing = view({ case: waiting({ ...old, state: "closing" }) });
  assert.equal(pace(closing, seen), PACE.waiting);
  assert.equal(pace(closing, { ...seen, since: seen.now - 20 * MINUTE }), PACE.later);
});

test("a page that nobody sees looks only for who wants to be notified", () => {
  const waits = view({ case: waiting() });
  assert.equal(pace(waits, { ...seen, hidden: true }), null);
  assert.equal(pace(waits, { ...seen, hidden: true, notifies: true }), PACE.live);
  assert.equal(pace(view({ case: ended() }), { ...seen, hidden: true, notifies: true }), null);
});

test("a customer who is there is looked at now and then, and a ticket without a case once a minute", () => {
  assert.equal(pace(view({ case: waiting({ online: true, online_at: at(-5_000) }) }), seen), PACE.live);
  assert.equal(pace(view(), seen), PACE.idle);
  assert.equal(pace(undefined, seen), PACE.idle);
});

test("a day of waiting costs some 6,500 looks, not 57,600", () => {
  let [looks, minutes] = [0, 0];
  while (minutes < 24 * 60) {
    minutes += (after(minutes) ?? Infinity) / MINUTE;
    looks += 1;
  }
  assert.ok(looks > 6_400 && looks < 6_600, `${looks} looks`);
});

test("the countdown is written anew each minute, and each second at its end", () => {
  assert.equal(nextTick(view({ case: waiting({ valid_until: new Date(10_000_000).toISOString() }) }), 0, 10_000_000 - 3_630_000), 30_050);
  assert.equal(nextTick(view({ case: waiting({ valid_until: new Date(10_000_000).toISOString() }) }), 0, 9_999_400), 600);
  assert.equal(nextTick(view({ case: ended() }), 0, 0), undefined);
  assert.equal(nextTick(view(), 5_000, 0), 1_000);
});

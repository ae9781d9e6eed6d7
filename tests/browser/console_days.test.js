// Days: ranges by name, what they are held against, and the bars they are drawn in.

import assert from "node:assert/strict";
import { test } from "node:test";
import { addMonths, areDays, before, daysOf, startOf, stepOf, today } from "../../shared/pages/assets/console/days.js";
import { nothing, stretches } from "../../shared/pages/assets/console/sessions/fetching.js";

test("ranges by name end after today's month, day or year", () => {
  assert.deepEqual(daysOf("this_month", "2026-12-31"), { from: "2026-12-01", to: "2027-01-01" });
  assert.deepEqual(daysOf("last_month", "2026-01-31"), { from: "2025-12-01", to: "2026-01-01" });
  assert.deepEqual(daysOf("last_30_days", "2028-03-01"), { from: "2028-02-01", to: "2028-03-02" });
  assert.deepEqual(daysOf("this_year", "2026-07-01"), { from: "2026-01-01", to: "2027-01-01" });
});

test("today is the day in the account's time zone", () => {
  const late = new Date("2026-11-18T23:30:00Z");
  assert.deepEqual([today("UTC", late), today("Asia/Shanghai", late), today("America/New_York", late)], ["2026-11-18", "2026-11-19", "2026-11-18"]);
  assert.equal(today("No/Such_Zone", late).length, 10);
});

test("months are held against months, and a range that is not over against as much of the one before", () => {
  assert.deepEqual(before({ from: "2026-03-01", to: "2026-04-01" }, "2026-11-18"), { from: "2026-02-01", to: "2026-03-01" });
  assert.deepEqual(before({ from: "2026-11-01", to: "2026-12-01" }, "2026-11-18"), { from: "2026-10-01", to: "2026-10-19" });
  assert.deepEqual(before({ from: "2026-03-01", to: "2026-04-01" }, "2026-03-31"), { from: "2026-02-01", to: "2026-03-01" });
  assert.deepEqual(before({ from: "2026-11-10", to: "2026-11-17" }, "2026-11-18"), { from: "2026-11-03", to: "2026-11-10" });
});

test("what is no day, goes backwards or is too long is not asked for", () => {
  assert.equal(areDays({ from: "2026-02-29", to: "2026-03-01" }), false);
  assert.equal(areDays({ from: "2026-03-01", to: "2026-03-01" }), false);
  assert.equal(areDays({ from: "2000-01-01", to: "2020-01-02" }), false);
  assert.equal(areDays({ from: "2000-01-01", to: "2020-01-01" }), true);
  assert.equal(areDays({ from: "<b>", to: "" }), false);
});

test("days, weeks or months are drawn, so that bars can be told apart, and none of them is lost", () => {
  assert.deepEqual([stepOf({ from: "2026-01-01", to: "2026-04-01" }), stepOf({ from: "2026-01-01", to: "2027-01-01" }), stepOf({ from: "2020-01-01", to: "2027-01-01" })], ["day", "week", "month"]);
  assert.equal(startOf("2026-11-22", "week"), "2026-11-16");
  assert.equal(addMonths("2026-01-31", 1), "2026-02-01");
  const one = (/** @type {string} */ value) => ({ ...nothing(), value, sessions: 1, closed: 1, total_seconds: 60 });
  for (const [from, to] of /** @type {const} */ ([["2026-10-01", "2026-11-01"], ["2026-02-03", "2026-10-31"], ["2019-01-01", "2026-12-01"]])) {
    const groups = ["2026-10-01", "2026-10-04", "2026-10-05", "2026-10-30"].map(one);
    const { stretches: drawn } = stretches({ from, to, groups, total: nothing(), live: 0 }, "2026-11-18");
    assert.equal(drawn.reduce((sum, stretch) => sum + stretch.sessions, 0), 4);
    // Each bar's days follow upon the last one's, within the range: together they open everything.
    drawn.forEach((stretch, nth) => assert.ok(stretch.from < stretch.to && (nth === 0 || stretch.from === drawn[nth - 1]?.to)));
    assert.equal(drawn.find((stretch) => stretch.sessions > 0)?.average_seconds, 60);
  }
});

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

test("days or months are drawn, so that bars can be told apart, and none of them is lost", () => {
  assert.deepEqual([stepOf({ from: "2026-01-01", to: "2026-04-03" }), stepOf({ from: "2026-01-01", to: "2026-04-04" }), stepOf({ from: "2020-01-01", to: "2027-01-01" })], ["day", "month", "month"]);
  assert.equal(startOf("2026-11", "month"), "2026-11-01");
  assert.equal(addMonths("2026-01-31", 1), "2026-02-01");
  const one = (/** @type {string} */ value) => ({ ...nothing(), value, sessions: 1, closed: 1, total_seconds: 60 });
  const some = { day: ["2026-10-01", "2026-10-04", "2026-10-05", "2026-10-30"], month: ["2026-03", "2026-04", "2026-09", "2026-10"] };
  for (const [from, to, step] of /** @type {const} */ ([["2026-10-01", "2026-11-01", "day"], ["2026-02-03", "2026-10-31", "month"], ["2019-01-01", "2026-12-01", "month"]])) {
    const { step: drawn, stretches: bars } = stretches({ from, to, groups: some[step].map(one), total: nothing(), live: 0 }, "2026-11-18");
    assert.equal(drawn, step);
    assert.equal(bars.reduce((sum, bar) => sum + bar.sessions, 0), 4);
    // Each bar's days follow upon the last one's, within the range: together they open everything.
    bars.forEach((bar, nth) => assert.ok(bar.from < bar.to && bar.from >= from && bar.to <= to && (nth === 0 || bar.from === bars[nth - 1]?.to)));
    assert.equal(bars.find((bar) => bar.sessions > 0)?.average_seconds, 60);
  }
});

test("years of which the first are empty are drawn from the first session on, to today", () => {
  const { stretches: bars } = stretches({ from: "2010-01-01", to: "2027-01-01", groups: [{ ...nothing(), value: "2026-03", sessions: 1 }], total: nothing(), live: 0 }, "2026-11-18");
  assert.deepEqual([bars[0]?.from, bars.at(-1)?.from, bars.length], ["2026-03-01", "2026-11-01", 9]);
});

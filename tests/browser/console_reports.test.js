// Sessions Summary: the figures, what is behind each of them, and how the page behaves.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./support/browser.js";
import { consolePage, eventually } from "./support/console_page.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const digits = (/** @type {string} */ text) => Number(text.replaceAll(/\D/g, ""));

/** What the report says. @param {import("./support/console_server.js").ConsoleServer} server @param {string} query @returns {any} */
const report = (server, query) => server.report(new URLSearchParams(query));

const LAST_30_DAYS = "from=2026-10-20&to=2026-11-19";

test("b11_the last thirty days are shown first, with number, durations, waiting and no-shows", async (story) => {
  const { server, figure, main, quiet } = await consolePage(story, browser);
  const { total } = report(server, LAST_30_DAYS);
  await eventually(async () => assert.equal(digits(await figure("Sessions").innerText()), total.sessions));
  assert.match(await figure("Average duration").innerText(), new RegExp(`^${Math.floor(total.average_seconds / 60)}`));
  assert.match(await figure("No-show rate").innerText(), new RegExp(`^${(total.no_show_rate * 100).toFixed(1)}`));
  assert.match(await main.innerText(), /20 Oct – 18 Nov 2026 · All technicians · days in the time zone UTC/);
  await main.locator("canvas").waitFor();
  quiet();
});

test("b11_a range is chosen by its name or by its days, stands in the address, and is gone back from", async (story) => {
  const { server, page, figure } = await consolePage(story, browser);
  await eventually(async () => digits(await figure("Sessions").innerText()) === report(server, LAST_30_DAYS).total.sessions);
  await page.getByLabel("Last month").check();
  await eventually(async () => digits(await figure("Sessions").innerText()) === report(server, "from=2026-10-01&to=2026-11-01").total.sessions);
  assert.match(page.url(), /#sessions\?range=last_month$/);
  await page.getByLabel("First day").fill("2026-10-10");
  await eventually(async () => digits(await figure("Sessions").innerText()) === report(server, "from=2026-10-10&to=2026-11-01").total.sessions);
  assert.match(page.url(), /from=2026-10-10&to=2026-11-01/);
  await page.goBack();
  await eventually(async () => digits(await figure("Sessions").innerText()) === report(server, "from=2026-10-01&to=2026-11-01").total.sessions);
  assert.equal(await page.getByLabel("Last month").isChecked(), true);
  await page.getByLabel("Last day").fill("2026-09-01");
  await page.getByText("The last day must not be before the first").waitFor();
  assert.equal(await page.getByLabel("Last day").getAttribute("aria-invalid"), "true");
});

test("b11_one technician's sessions are shown, and those of nobody", async (story) => {
  const { server, page, figure } = await consolePage(story, browser);
  await page.getByLabel("Technician").locator("option", { hasText: "Mei Lin" }).waitFor({ state: "attached" });
  await page.getByLabel("Technician").selectOption({ label: "Mei Lin" });
  await eventually(async () => digits(await figure("Sessions").innerText()) === report(server, `${LAST_30_DAYS}&technician=t-mei`).total.sessions);
  await page.getByText("· Mei Lin ·").waitFor();
  await page.getByLabel("Technician").selectOption({ label: "Without technician" });
  await eventually(async () => digits(await figure("Sessions").innerText()) === report(server, `${LAST_30_DAYS}&without=technician`).total.sessions);
});

for (const [by, tab] of [["category", "Category"], ["type", "Type"], ["priority", "Priority"], ["source", "Source"], ["technician", "Technician"]]) {
  test(`b12_by ${by}, every number opens the sessions behind it`, async (story) => {
    const { server, page, main, quiet } = await consolePage(story, browser, `#sessions?range=last_month&by=${by}`);
    await main.locator("table.full tbody tr").first().waitFor();
    assert.equal(await page.locator(".links a[aria-current]").innerText(), tab);
    const { groups } = report(server, `from=2026-10-01&to=2026-11-01&group_by=${by}`);
    const rows = main.locator("table.full tbody tr");
    assert.equal(await rows.count(), groups.length);
    for (const [nth, column, counted] of /** @type {[number, number, string][]} */ ([[0, 0, "sessions"], [groups.length - 1, 2, "expired"], [0, 3, "never_joined"], [0, 5, "closed"]])) {
      const link = rows.nth(nth).locator("td a").nth(column);
      const expected = groups[nth][counted];
      await link.click();
      await eventually(async () => assert.equal((await page.locator(".head + .row .dim").innerText()).trim(), `Sessions: ${expected}`));
      const more = page.getByRole("button", { name: "Show more" });
      for (;;) {
        await main.locator(".list:not([aria-busy])").waitFor();
        if (!(await more.isVisible())) break;
        await more.click();
      }
      await eventually(async () => assert.equal(await main.locator("tbody tr").count(), expected));
      await page.goBack();
      await rows.first().waitFor();
    }
    quiet();
  });
}

test("b12_the table is sorted by the column that is pressed", async (story) => {
  const { main } = await consolePage(story, browser, "#sessions?range=last_month&by=category");
  await main.getByRole("button", { name: "Expired" }).click();
  const expired = async () => (await main.locator("table.full tbody tr td:nth-child(4)").allInnerTexts()).map(digits);
  const down = await expired();
  assert.deepEqual(down, [...down].sort((one, other) => other - one));
  assert.equal(await main.locator('th[aria-sort="descending"]').innerText().then((text) => text.startsWith("Expired")), true);
  await main.getByRole("button", { name: "Expired" }).click();
  assert.deepEqual(await expired(), [...down].reverse());
});

test("b11_the chart is gone through by keys, and opens the sessions of a day", async (story) => {
  const { server, page, main } = await consolePage(story, browser, "#sessions?range=last_month");
  await main.locator("canvas").waitFor();
  const chart = page.getByRole("slider");
  await chart.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  const [, second] = report(server, "from=2026-10-01&to=2026-11-01&group_by=day").groups;
  await eventually(async () => assert.match((await chart.getAttribute("aria-valuetext")) ?? "", new RegExp(`^Fri,? 2 October 2026: Sessions ${second.sessions}$`)));
  await page.keyboard.press("Enter");
  await eventually(async () => assert.equal(await main.locator("tbody tr").count(), second.sessions));
  assert.match(page.url(), /from=2026-10-02&to=2026-10-03/);
});

test("b11_more than a quarter of a year is drawn by month, and no days are asked for", async (story) => {
  const { server, page, main } = await consolePage(story, browser, "#sessions?range=this_year&by=day", { options: { locale: "fr-FR" }, set: (it) => { it.session.language = "fr"; } });
  await main.locator("canvas").waitFor();
  await main.getByRole("heading", { name: "Sessions par mois" }).waitFor();
  const asked = server.asked.filter((one) => one.path === "/reports/sessions").map((one) => one.query.get("group_by"));
  assert.deepEqual([asked.includes("month"), asked.includes("day")], [true, false]);
  const { groups } = report(server, "from=2026-01-01&to=2027-01-01&group_by=month");
  const rows = main.locator("table.full tbody tr");
  // To this month, and no further.
  assert.deepEqual([await rows.count(), await rows.first().locator(".name").innerText()], [11, "janvier 2026"]);
  const march = rows.nth(2).locator("td a").first();
  assert.equal(digits(await march.innerText()), groups[2].sessions);
  const chart = page.getByRole("slider");
  await chart.focus();
  await page.keyboard.press("Home");
  assert.match((await chart.getAttribute("aria-valuetext")) ?? "", new RegExp(`^janvier 2026.*${groups[0].sessions}$`));
  await march.click();
  await page.waitForURL(/from=2026-03-01&to=2026-04-01/);
});

test("a title that looks like HTML shows as text", async (story) => {
  const { page, main, quiet } = await consolePage(story, browser, "#records?from=2026-01-01&to=2026-11-19&category=Scanner");
  await main.locator("tbody tr").first().waitFor();
  await main.getByText("<img src=x onerror=alert(1)>").first().click();
  assert.equal(await page.locator("dialog[open] h2").innerText(), "<img src=x onerror=alert(1)>");
  assert.equal(await page.locator("img").count(), 0);
  quiet();
});

test("nothing moves while the report comes in, and little is transferred", async (story) => {
  const { server, main, shifted } = await consolePage(story, browser, "#sessions?range=this_year");
  await main.locator("canvas").waitFor();
  await main.locator(".breakdown tbody tr").first().waitFor();
  assert.equal(await shifted(), 0);
  assert.ok(server.sent < 150_000, `${server.sent} bytes`);
});

test("a report that can't be read says so, and is asked for again", async (story) => {
  const { main, figure, button } = await consolePage(story, browser, "", {
    set: (server) => server.instead("GET /reports/sessions", { status: 503, body: { type: "https://casebridge.dev/problems/unavailable", title: "?" } }),
  });
  await main.getByText("The service can't do this at the moment.").waitFor();
  await button("Try again").click();
  await eventually(async () => digits(await figure("Sessions").innerText()) > 0);
  assert.equal(await main.getByText("The service can't do this at the moment.").count(), 0);
});


test("b11_who closes a session's sheet and goes elsewhere at once stays there", async (story) => {
  const { page, main, dialog, figure, quiet } = await consolePage(story, browser, `#records?${LAST_30_DAYS}`);
  await main.locator("tbody tr button").first().click();
  await dialog.locator("h2").waitFor();
  // A dialog says that it was closed only after what closed it is done.
  await page.evaluate(() => {
    document.querySelector("dialog")?.close();
    location.hash = "#sessions";
  });
  await figure("Sessions").waitFor();
  assert.match(page.url(), /#sessions$/);
  quiet();
});

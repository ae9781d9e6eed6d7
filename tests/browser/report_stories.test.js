// Sessions Summary on a real host: what was really helped is counted, found, noted, taken out and saved as a table.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";
import { axe, picture } from "./support/browser.js";
import { eventually } from "./support/console_page.js";
import { onAHost } from "./support/on_a_host.js";
import { signedIn } from "./support/signed_in.js";

const { browser, help } = await onAHost();
/** The sessions that were helped. @type {any[]} */
const sessions = [];

const mei = { id: "mei", name: "Mei Lin", email: "mei@northwind.example" };
const luca = { id: "luca", name: "Luca Romano", email: "luca@northwind.example" };
const run = `${process.pid}-${Date.now() % 100_000}`;
/** What each is about: four of Mei, one of Luca, one of nobody. */
const helped = /** @type {const} */ ([
  ["Scanner", "Incident", "Urgent", "Portal", mei], ["Scanner", "Question", "Low", "Mail", mei], ["Scanner", "Incident", "Low", "Mail", luca],
  ["Pictures", "Incident", "Urgent", "Chat", mei], ["Pictures", "Question", "Low", "Mail", mei], ["Pictures", "Question", "Low", "Mail", undefined],
]);

before(async () => {
  for (const [nth, [category, type, priority, source, technician]] of helped.entries()) {
    const played = await help.play(`R-${run}-${nth}`, { ticket: { title: nth === 3 ? "<img src=x onerror=alert(1)>" : "Scanned upside down", category, type, priority, source }, technician });
    sessions.push(await help.call("POST", `/cases/${played.id}/close`, { note: "Turned it round." }));
  }
});

const digits = (/** @type {string} */ text) => Number(text.replaceAll(/\D/g, ""));
/** As the account's time zone has it. */
const today = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Paris" }).format(new Date());
const tomorrow = new Date(Date.parse(`${today}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** What the API counts today. @param {string} [more] @returns {Promise<any>} */
const report = (more = "") => help.call("GET", `/reports/sessions?from=${today}&to=${tomorrow}${more}`, undefined, "read");

test("b11_b12_what was helped is counted, by technician and day, and every number opens the sessions behind it", async (story) => {
  const { page, main, figure, heard } = await signedIn(story, browser, help, `#sessions?from=${today}&to=${tomorrow}`);
  const { total } = await report();
  await eventually(async () => assert.equal(digits(await figure("Sessions").innerText()), total.sessions));
  await main.locator("canvas").waitFor();
  await main.locator(".breakdown tbody tr").first().waitFor();
  await picture(page, "console.report_on_the_host");
  assert.deepEqual(await axe(page), []);

  await page.getByLabel("Technician").selectOption({ label: "Luca Romano" });
  await eventually(async () => assert.equal(digits(await figure("Sessions").innerText()), 1));
  assert.match(page.url(), /technician=luca/);
  await page.getByLabel("Technician").selectOption({ label: "All technicians" });
  for (const [by, tab, value, count] of [["category", "Category", "Scanner", 3], ["type", "Type", "Question", 3], ["priority", "Priority", "Low", 4], ["source", "Source", "Chat", 1], ["technician", "Technician", "Mei Lin", 4]]) {
    await page.goto(`${help.url}/console#sessions?from=${today}&to=${tomorrow}&by=${by}`);
    assert.equal(await page.locator(".links a[aria-current]").innerText(), tab);
    const row = main.locator("table.full tbody tr", { hasText: String(value) });
    await eventually(async () => assert.equal(digits(await row.locator("td a").first().innerText()), count));
    await row.locator("td a").first().click();
    await eventually(async () => assert.equal(await main.locator("table.records tbody tr").count(), count));
    await page.getByText(`Sessions: ${count}`).first().waitFor();
  }
  assert.deepEqual(heard, []);
});

test("b11_a session is found by its code, noted, taken out of the count, and counted again", async (story) => {
  const { page, main, dialog, button, figure, heard } = await signedIn(story, browser, help, `#sessions?from=${today}&to=${tomorrow}`);
  const before = (await report()).total.sessions;
  const [, , , session] = sessions;
  const record = async () => help.call("GET", `/reports/sessions/records/${session.id}`);
  await eventually(async () => assert.equal(digits(await figure("Sessions").innerText()), before));
  await main.getByRole("searchbox").fill(session.session_code.replaceAll("-", " "));
  await page.keyboard.press("Enter");
  await main.locator("tbody tr button").click();
  // Whatever a ticket is called, it is text.
  assert.equal(await dialog.locator("h2").innerText(), "<img src=x onerror=alert(1)>");
  assert.equal(await page.locator("img").count(), 0);
  await picture(page, "console.record_on_the_host");
  assert.deepEqual(await axe(page), []);
  await dialog.getByLabel("Note", { exact: true }).fill("Test call");
  await button("Save the note").click();
  await dialog.getByText("The note was saved.").waitFor();
  await dialog.getByText("Take it out of the count").click();
  await dialog.getByLabel("Why").fill("Training");
  await button("Take out of the count").click();
  await dialog.getByText("Out of the count since").waitFor();
  const out = await record();
  assert.deepEqual([out.note, out.excluded.reason], ["Test call", "Training"]);
  await page.keyboard.press("Escape");
  await main.locator("tr.out").waitFor();

  await page.goto(`${help.url}/console#sessions?from=${today}&to=${tomorrow}`);
  await eventually(async () => assert.equal(digits(await figure("Sessions").innerText()), before - 1));
  await page.getByText("1 excluded").click();
  await main.locator("tbody tr button").click();
  await button("Count it again").click();
  await dialog.getByText("The session counts again.").waitFor();
  assert.equal((await record()).excluded, undefined);
  assert.equal((await report()).total.sessions, before);
  assert.deepEqual(heard, []);
});

test("b12_tables are saved as CSV, as the API has them", async (story) => {
  const { page, main } = await signedIn(story, browser, help, `#sessions?from=${today}&to=${tomorrow}&technician=mei`);
  await main.locator("canvas").waitFor();
  const asked = `from=${today}&to=${tomorrow}&technician=mei`;
  for (const [name, path] of [["By priority", `/reports/sessions?${asked}&group_by=priority`], ["Every session", `/reports/sessions/records?${asked}`]]) {
    await main.locator("summary", { hasText: "CSV" }).click();
    const saved = page.waitForEvent("download");
    await main.locator(".menu").getByRole("button", { name }).click();
    const file = await saved;
    assert.equal(file.suggestedFilename().endsWith(`-${today}.csv`), true, file.suggestedFilename());
    const table = await readFile(await file.path(), "utf8");
    assert.equal(table, await help.table(/** @type {string} */ (path)));
    assert.ok(table.startsWith("\uFEFF") && table.split("\r\n").length > 2, table);
  }
});

test("b11_a year is drawn by month, and a month's number opens its sessions", async (story) => {
  const { page, main, heard } = await signedIn(story, browser, help, "#sessions?range=this_year&by=day");
  await main.locator("canvas").waitFor();
  await main.getByRole("heading", { name: "Sessions by month" }).waitFor();
  const year = Number(today.slice(0, 4));
  const { groups } = await help.call("GET", `/reports/sessions?from=${year}-01-01&to=${year + 1}-01-01&group_by=month`, undefined, "read");
  const month = groups.at(-1);
  const row = main.locator("table.full tbody tr").last();
  assert.equal(await row.locator(".name").innerText(), new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${month.value}-01T12:00:00Z`)));
  assert.equal(digits(await row.locator("td a").first().innerText()), month.sessions);
  await picture(page, "console.year_on_the_host");
  assert.deepEqual(await axe(page), []);
  await row.locator("td a").first().click();
  await page.waitForURL(new RegExp(`from=${month.value}-01&to=`));
  await main.getByText(`Sessions: ${new Intl.NumberFormat("en-GB").format(month.sessions)}`, { exact: true }).waitFor();
  assert.deepEqual(heard, []);
});

test("b11_days without sessions are empty, with nothing divided by nothing", async (story) => {
  const { main, figure } = await signedIn(story, browser, help, "#sessions?from=2019-01-01&to=2019-02-01");
  await main.getByText("No sessions in these days.").first().waitFor();
  assert.equal(await figure("Average duration").innerText(), "–");
  assert.equal(await figure("No-show rate").innerText(), "–");
});

// The console on a real host: signing in by a link, and the report of what was really done.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, complaints, launch, picture } from "./support/browser.js";
import { host } from "./support/host.js";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("./support/host.js").Host} */
let help;
before(async () => {
  [browser, help] = await Promise.all([launch(), host()]);
});
after(async () => {
  await browser.close();
  help.stop();
});

/** A link as the vendor's back end has it made. @param {"admin" | "technician"} role */
async function link(role) {
  const made = await help.call("POST", "/sign-in-links", { role, name: "Tess Technician" }, "admin");
  return help.url + made.path;
}

/** @param {import("node:test").TestContext} story */
async function visit(story, address = "") {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB" });
  story.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const heard = complaints(page);
  await page.goto(address);
  return { page, main: page.locator("main"), heard };
}

test("b11_b12_a session that was helped stands in the report, and behind its number", async (story) => {
  const play = {
    ticket: { number: "INC-C1", title: "<img src=x onerror=alert(1)>", category: "Pictures", type: "Incident", priority: "Urgent", source: "Portal" },
    requester: { name: "Rita Requester", email: "rita.c1@example.com", language: "en" },
    technician: { id: "anna", name: "Anna Becker", email: "anna@northwind.example" },
  };
  const opened = await help.call("POST", "/tickets/C-1/case", play);
  await help.call("POST", `/cases/${opened.id}/close`, { note: "Turned it round." });

  const { page, main, heard } = await visit(story, await link("admin"));
  await main.locator(".tile a").first().waitFor();
  assert.equal(new URL(page.url()).pathname, "/console");
  assert.equal(page.url().includes("cb_signin"), false);
  await page.goto(`${help.url}/console#sessions?range=this_month&by=category`);
  const row = main.locator("table.full tbody tr", { hasText: "Pictures" });
  await row.waitFor();
  await picture(page, "console.on_the_host");
  assert.deepEqual(await axe(page), []);
  await row.locator("td a").first().click();
  await main.getByText(opened.session_code).first().waitFor();
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(heard, []);
});

test("b19_a link signs in once, and a technician has no settings", async (story) => {
  const address = await link("technician");
  const { page, main } = await visit(story, address);
  await main.locator(".tile a").first().waitFor();
  assert.deepEqual(await page.locator("#top nav a").allInnerTexts(), ["Sessions Summary", "Live sessions"]);
  assert.deepEqual(await page.evaluate(() => document.cookie), "");
  await page.getByRole("button", { name: "Sign out" }).click();
  await main.getByText("You are not signed in").waitFor();

  const late = await visit(story, address);
  await late.main.getByText("This link was used already").waitFor();
});

test("b15_a mistake in a template is named, and what is saved is what letters are made from", async (story) => {
  story.after(() => help.call("DELETE", "/mail-templates/en", undefined, "admin"));
  const { page, main } = await visit(story, await link("admin"));
  await main.locator(".tile a").first().waitFor();
  await page.goto(`${help.url}/console#mail?language=en`);
  const text = main.getByLabel("Text", { exact: true });
  await main.getByRole("button", { name: "{{teamviewer.customer_link}}" }).waitFor();
  await text.fill("{{ticket.titel}} {{teamviewer.customer_link}}");
  await main.getByText("There is no parameter {{ticket.titel}} (line 1, column 1).").waitFor();
  await picture(page, "console.mail_on_the_host");
  assert.deepEqual(await axe(page), []);
  await text.fill("{{ticket.title}} {{teamviewer.customer_link}}");
  await main.getByRole("button", { name: "Save" }).click();
  await main.getByText("The template was saved.").waitFor();
  assert.equal((await help.call("GET", "/mail-templates/en", undefined, "admin")).text, "{{ticket.title}} {{teamviewer.customer_link}}");
});

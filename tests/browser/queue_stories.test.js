// Somebody asks for help on a page of the account's, and a technician takes it in the console, on a real host.

import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, picture } from "./support/browser.js";
import { eventually } from "./support/console_page.js";
import { onAHost, ticket } from "./support/on_a_host.js";
import { signedIn, visit } from "./support/signed_in.js";

const { browser, help } = await onAHost();

const mei = { id: "mei", name: "Mei Lin", email: "mei@northwind.example" };

/** What a portal says of a ticket and its requester. @param {string} id */
function facts(id) {
  return { ticket: { number: `INC-${id}`, title: "<img src=x onerror=alert(1)>" }, requester: { name: `Rita ${id}`, language: "en" } };
}

/** No session is left over. @param {import("node:test").TestContext} story @param {string} id */
function stopped(story, id) {
  story.after(async () => {
    const { id: last, state } = await help.call("GET", `/tickets/${id}/case`);
    if (["asked", "open"].includes(state)) await help.call("POST", `/cases/${last}/close`, { note: "Tidied up." });
  });
}

test("p7_i9_a requester asks on a page with the keyboard, is taken from the queue in the console, and joins", async (story) => {
  const id = ticket("P7");
  const { url } = await help.call("POST", `/tickets/${id}/request-link`, facts(id));
  const phone = await visit(story, browser, url, { viewport: { width: 360, height: 740 }, colorScheme: "dark" });
  const { main } = phone;
  await main.getByRole("heading", { name: "Do you need help with this ticket?" }).waitFor();
  await main.getByText(`Ticket INC-${id}`).waitFor();
  await picture(phone.page, "request_page.to_ask");
  assert.deepEqual(await axe(phone.page), []);
  await phone.page.keyboard.press("Tab");
  await phone.page.keyboard.press("Enter");
  await main.getByRole("heading", { name: "You are in the queue" }).waitFor();
  stopped(story, id);
  await picture(phone.page, "request_page.waiting");
  assert.deepEqual(await axe(phone.page), []);
  assert.equal(await phone.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);

  const desk = await signedIn(story, browser, help, "#live", { role: "technician", more: { technician: mei } });
  const queue = desk.main.locator("section", { hasText: "Team's queue" });
  const card = (/** @type {import("playwright-core").Locator} */ within) => within.locator("article", { hasText: `Rita ${id}` });
  await card(queue).getByText("Asks for help", { exact: true }).waitFor();
  await picture(desk.page, "console.asked_on_the_host");
  assert.deepEqual(await axe(desk.page), []);
  await card(queue).getByRole("button", { name: /^Take it/ }).click();
  const taken = desk.main.locator("section", { hasText: "With a technician" });
  await card(taken).getByText("Mei Lin").waitFor();
  const { session_code: code, technician } = await help.call("GET", `/tickets/${id}/case`);
  assert.equal(technician.id, "mei");
  await card(taken).getByText(code).waitFor();

  await main.getByRole("button", { name: "See how it stands" }).click();
  await main.getByText("Mei Lin has taken your request.").waitFor();
  await main.getByText(code).waitFor();
  await picture(phone.page, "request_page.taken");
  assert.deepEqual(await axe(phone.page), []);
  await main.getByRole("button", { name: "Join the session" }).click();
  await eventually(async () => assert.notEqual(new URL(phone.page.url()).origin, new URL(help.url).origin));
  assert.deepEqual(phone.heard, []);
  assert.deepEqual(desk.heard, []);
});

test("p2_who waited longest stands first, and what is withdrawn on the page leaves the queue", async (story) => {
  const [first, second] = [ticket("P2a"), ticket("P2b")];
  for (const id of [first, second]) {
    await help.call("POST", `/tickets/${id}/request`, { ...facts(id), note: `It smokes, says ${id}` });
    stopped(story, id);
  }
  const { url } = await help.call("POST", `/tickets/${first}/request-link`, facts(first));
  const desk = await signedIn(story, browser, help, "#live", { role: "technician" });
  const cards = desk.main.locator("section", { hasText: "Team's queue" }).locator("article");
  await cards.getByText(`It smokes, says ${second}`).waitFor();
  const places = (await cards.allInnerTexts()).map((text) => [first, second].findIndex((id) => text.includes(`INC-${id}`))).filter((place) => place >= 0);
  assert.deepEqual(places, [0, 1]);
  const page = await visit(story, browser, url);
  await page.main.getByRole("button", { name: "I do not need help any more" }).click();
  await page.main.getByRole("button", { name: "Ask for help" }).waitFor();
  await cards.getByText(`It smokes, says ${first}`).waitFor({ state: "detached" });
  assert.equal((await help.call("GET", `/tickets/${first}/case`)).problem, "withdrawn");
  await desk.main.locator("article", { hasText: `Rita ${second}` }).getByRole("button", { name: /^Withdraw/ }).click();
  await desk.dialog.getByRole("button", { name: "Withdraw" }).click();
  await cards.getByText(`It smokes, says ${second}`).waitFor({ state: "detached" });
});

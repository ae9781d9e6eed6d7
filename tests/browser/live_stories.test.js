// Live sessions and the team's queue in the console, on a real host.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { axe, picture } from "./support/browser.js";
import { eventually } from "./support/console_page.js";
import { onAHost, ticket } from "./support/on_a_host.js";
import { signedIn } from "./support/signed_in.js";

const { browser, help } = await onAHost((help) => help.call("PATCH", "", { note: "optional" }, "admin"));
before(async () => {
  // Before anything else, since another process may go by what it read up to a minute ago.
  await help.call("PATCH", "", { note: "required" }, "admin");
});

const mei = { id: "mei", name: "Mei Lin", email: "mei@northwind.example" };

/** The customer comes, or the story ends, with nobody left over. @param {import("node:test").TestContext} story @param {any} played */
function stopped(story, played) {
  story.after(() => help.call("POST", `/cases/${played.id}/close`, { note: "Tidied up." }));
}

test("p2_a case from the queue is assigned, its customer comes online, it is handed back, and stop asks for the note", async (story) => {
  const [first, other] = [ticket("P2"), ticket("P2o")];
  const played = await help.play(first, { ticket: { title: "<img src=x onerror=alert(1)>" } });
  stopped(story, await help.play(other, { technician: mei }));
  const { page, main, dialog, announced, heard } = await signedIn(story, browser, help, "#live", { role: "technician" });
  const queue = main.locator("section", { hasText: "Team's queue" });
  const taken = main.locator("section", { hasText: "With a technician" });
  const card = (/** @type {import("playwright-core").Locator} */ within) => within.locator("article", { hasText: `Rita ${first}` });
  await card(queue).waitFor();
  await taken.locator("article", { hasText: `Rita ${other}` }).waitFor();
  await card(queue).getByText(played.session_code).waitFor();
  // The ticket is called as people call it, and whatever its title says is text.
  assert.deepEqual([await card(queue).locator(".over").first().innerText(), await card(queue).locator("h3").innerText()], [`Ticket INC-${first}`, "<img src=x onerror=alert(1)>"]);
  await picture(page, "console.live_on_the_host");
  assert.deepEqual(await axe(page), []);

  await card(queue).getByRole("button", { name: /^Assign/ }).click();
  await dialog.getByLabel("Technician").selectOption({ label: "Mei Lin" });
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("button", { name: "Assign" }).click();
  await card(taken).getByText("Mei Lin").waitFor();
  assert.equal((await help.call("GET", `/cases/${played.id}`)).technician.id, "mei");

  await help.customer(played.session_code, true);
  await card(taken).getByText("Customer is online").waitFor({ timeout: 30_000 });
  assert.equal(await announced(), `Rita ${first} is online.`);

  await card(taken).getByRole("button", { name: /^Hand over/ }).click();
  await dialog.getByLabel("Technician").selectOption({ label: "Team's queue" });
  await dialog.getByRole("button", { name: "Hand over" }).click();
  await card(queue).waitFor();

  await card(queue).getByRole("button", { name: /^Stop/ }).click();
  await dialog.getByRole("button", { name: "Stop" }).click();
  await dialog.getByText("This must not be left empty.").waitFor();
  await dialog.getByLabel("Note").fill("Toner changed");
  await dialog.getByRole("button", { name: "Stop" }).click();
  await card(main).waitFor({ state: "detached" });
  const ended = await help.call("GET", `/tickets/${first}/case`);
  assert.equal(ended.state, "closed");
  assert.match(ended.comment, /Toner changed/);
  assert.deepEqual(heard, []);
});

test("p2_of two who take the same case the second is told who has it", async (story) => {
  const id = ticket("P2x");
  const played = await help.play(id);
  stopped(story, played);
  stopped(story, await help.play(ticket("P2y"), { technician: mei }));
  const { main, dialog } = await signedIn(story, browser, help, "#live", { role: "technician" });
  const card = main.locator("article", { hasText: `Rita ${id}` });
  await card.getByRole("button", { name: /^Assign/ }).click();
  await dialog.getByLabel("Technician").selectOption({ label: "Mei Lin" });
  await help.call("POST", `/cases/${played.id}/technician`, { technician: { id: "ben", name: "Ben Okafor" }, if_unassigned: true });
  await dialog.getByRole("button", { name: "Assign" }).click();
  await dialog.getByText("Ben Okafor has it already.").waitFor();
  assert.equal((await help.call("GET", `/cases/${played.id}`)).technician.id, "ben");
});

test("p2_who is known by the link that let them in takes a case with one press, and is told when its customer comes", async (story) => {
  const id = ticket("P2t");
  const played = await help.play(id);
  stopped(story, played);
  const ben = { id: `ben-${process.pid}`, name: "Ben Okafor", email: `ben.${id.toLowerCase()}@northwind.example` };
  const { page, main, announced } = await signedIn(story, browser, help, "#live", { role: "technician", more: { technician: ben } });
  const card = main.locator("article", { hasText: `Rita ${id}` });
  await card.getByRole("button", { name: /^Take it/ }).click();
  await main.locator("section", { hasText: "With a technician" }).locator("article", { hasText: `Rita ${id}` }).getByText("Ben Okafor").waitFor();
  assert.equal(await announced(), "Handed over.");
  assert.equal(await card.getByRole("button", { name: /^Take it/ }).count(), 0);
  assert.equal((await help.call("GET", `/cases/${played.id}`)).technician.id, ben.id);
  await picture(page, "console.taken_on_the_host");
  // Whoever has the case when the customer comes is told.
  await help.customer(played.session_code, true);
  await eventually(async () => assert.equal((await help.mails(ben.email)).length, 1), 30_000);
});

test("p1_the invitation is sent again", async (story) => {
  const id = ticket("P1");
  stopped(story, await help.play(id));
  const address = `rita.${id.toLowerCase()}@example.com`;
  await eventually(async () => assert.equal((await help.mails(address)).length, 1), 20_000);
  const { main, dialog, announced } = await signedIn(story, browser, help, "#live", { role: "technician" });
  await main.locator("article", { hasText: `Rita ${id}` }).getByRole("button", { name: /^Send the invitation again/ }).click();
  await dialog.getByText(address).waitFor();
  await dialog.getByRole("button", { name: "Send the invitation again" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.equal(await announced(), "The invitation is on its way.");
  await eventually(async () => assert.equal((await help.mails(address)).length, 2), 20_000);
});

test("p2_what somebody else starts and stops comes and goes by itself", async (story) => {
  const id = ticket("P2z");
  const { main } = await signedIn(story, browser, help, "#live", { role: "technician" });
  await main.getByRole("heading", { name: "Team's queue" }).waitFor();
  const played = await help.play(id);
  const card = main.locator("article", { hasText: `Rita ${id}` });
  await card.waitFor();
  await help.call("POST", `/cases/${played.id}/close`, { note: "By phone." });
  await card.waitFor({ state: "detached" });
});

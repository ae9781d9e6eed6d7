// The console's endpoints on a real host, with a receiver that verifies what it is sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, picture } from "./support/browser.js";
import { eventually } from "./support/console_page.js";
import { onAHost } from "./support/on_a_host.js";
import { Receiver, verified } from "./support/receiver.js";
import { signedIn } from "./support/signed_in.js";

const { browser, help } = await onAHost();

/** A message goes through a queue in the cloud, and a page looks every few seconds. */
const A_WHILE = 100_000;

/** @param {import("node:test").TestContext} story */
async function receiver(story) {
  const made = await new Receiver().start();
  story.after(() => made.stop());
  story.after(async () => {
    const { items } = await help.call("GET", "/endpoints", undefined, "admin");
    for (const { id, url } of items) if (url === made.url) await help.call("DELETE", `/endpoints/${id}`, undefined, "admin");
  });
  return made;
}

/** A session that begins and ends. @param {string} ticket @returns {Promise<string>} its id */
async function helped(ticket) {
  const { id } = await help.play(ticket);
  await help.call("POST", `/cases/${id}/close`, {});
  return id;
}

test("p3_an endpoint is added and tried, and its secret, seen once, verifies what arrives, also while it is changed", async (story) => {
  const there = await receiver(story);
  const { page, main, dialog, button, heard } = await signedIn(story, browser, help, "#live");
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Endpoints" }).click();
  await button("Add an endpoint").click();
  await dialog.getByLabel("Address").fill(there.url);
  await dialog.getByLabel("Description").fill("Comments on tickets");
  await dialog.getByLabel("Only these").check();
  await dialog.getByText("Sessions", { exact: true }).click();
  await dialog.getByLabel("Session closed").check();
  await picture(page, "console.endpoint_is_added");
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("button", { name: "Add an endpoint" }).click();
  await dialog.getByRole("heading", { name: "The secret of the endpoint" }).waitFor();
  const secret = await dialog.getByLabel("Secret").inputValue();
  await picture(page, "console.endpoint_secret");
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  await main.getByRole("heading", { name: "Comments on tickets" }).waitFor();

  await button("Send a test event").click();
  await main.getByText("The receiver took the test event: it answered 204").waitFor({ timeout: A_WHILE });
  assert.equal(verified(secret, there.of("endpoint.test")[0] ?? assert.fail("no test came")).type, "endpoint.test");

  const id = await helped(`EP1-${process.pid}`);
  await main.locator("tbody").getByText("Session closed").waitFor({ timeout: A_WHILE });
  const closed = there.of("case.closed")[0] ?? assert.fail("nothing came");
  assert.equal(verified(secret, closed).data.case.id, id);
  assert.deepEqual(there.taken.map(({ message }) => message.type), ["endpoint.test", "case.closed"], "what was not chosen came");
  await picture(page, "console.endpoint_deliveries");
  assert.deepEqual(await axe(page), []);

  await button("Change the secret").click();
  await dialog.getByRole("button", { name: "Make a new secret" }).click();
  const other = await dialog.getByLabel("Secret").inputValue();
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  await main.getByText("Signs as well until").waitFor();
  await main.getByRole("button", { name: /^Send again: no\. / }).first().click();
  await eventually(() => assert.equal(there.of("case.closed").length, 2), A_WHILE);
  const again = there.of("case.closed")[1] ?? assert.fail("nothing came again");
  assert.deepEqual([again.id, again.signatures.length], [closed.id, 2]);
  for (const known of [secret, other]) verified(known, again);
  assert.deepEqual(heard, []);
});

test("p3_what a receiver refuses is shown with its answer, waits while the endpoint is off, and comes once it is on", async (story) => {
  const there = await receiver(story);
  const made = await help.call("POST", "/endpoints", { url: there.url, events: ["case.*"] }, "admin");
  const { page, main, dialog, button, heard } = await signedIn(story, browser, help, `#endpoints?endpoint=${made.id}`, { options: { colorScheme: "dark" } });
  there.answer = { status: 500, text: "the desk's database is down" };
  await button("Send a test event").click();
  await main.getByText("The receiver did not take the test event: it answered 500").waitFor({ timeout: A_WHILE });
  await main.locator(".notice").getByText("the desk's database is down").waitFor();
  await picture(page, "console.endpoint_refused_dark");
  assert.deepEqual(await axe(page), []);

  await button("Switch off").click();
  await main.getByText("The endpoint is off: nothing is sent there.").waitFor();
  there.answer = { status: 200, text: "thanks" };
  const id = await helped(`EP2-${process.pid}`);
  assert.deepEqual(there.of("case.closed"), []);
  await button("Switch on").click();
  await dialog.getByRole("button", { name: "Switch on" }).click();
  await main.getByText("The endpoint is on.").waitFor();
  await eventually(() => assert.deepEqual(there.of("case.closed").map(({ message }) => message.data.case.id), [id]), A_WHILE);
  await main.locator("tbody").getByText("Session closed").waitFor({ timeout: A_WHILE });

  await button("Send events again").click();
  await dialog.getByLabel("Which events").selectOption({ label: "Those of the last hour" });
  await dialog.getByRole("button", { name: "Send again" }).click();
  await main.getByText("are sent again, as far as this endpoint wants them").waitFor();
  await eventually(() => assert.ok(there.of("case.closed").length >= 2), A_WHILE);

  await button("Delete").click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await main.getByRole("heading", { name: "Endpoints" }).waitFor();
  assert.equal(await main.getByRole("link", { name: there.url }).count(), 0);
  await help.call("GET", `/endpoints/${made.id}`, undefined, "admin").then(() => assert.fail("it is still there"), (error) => assert.match(String(error), /answered 404/));
  assert.deepEqual(heard, []);
});

test("p3_an address that nothing is sent to is refused at its field", async (story) => {
  const { dialog, button } = await signedIn(story, browser, help, "#endpoints");
  await button("Add an endpoint").click();
  await dialog.getByLabel("Address").fill("https://169.254.169.254/latest");
  await dialog.getByRole("button", { name: "Add an endpoint" }).click();
  await dialog.getByText("This must lead to an address of the public internet").waitFor();
  await dialog.getByLabel("Address").fill("desk.example.com");
  await dialog.getByRole("button", { name: "Add an endpoint" }).click();
  await dialog.getByText("This must be an address such as https://").waitFor();
});

test("i9_how long a request for help waits is set by an administrator", async (story) => {
  const before = (await help.call("GET", "", undefined, "admin")).request_lifetime_minutes;
  story.after(() => help.call("PATCH", "", { request_lifetime_minutes: before }, "admin"));
  const { main } = await signedIn(story, browser, help, "#settings");
  const section = main.locator("section", { hasText: "Requests for help" });
  await section.getByLabel("How long a request waits, in minutes").fill("1441");
  await section.getByRole("button", { name: "Save" }).click();
  await section.getByText("This must be a whole number from 1 to 1440.").waitFor();
  await section.getByLabel("How long a request waits, in minutes").fill("90");
  await section.getByRole("button", { name: "Save" }).click();
  await section.getByText("Saved.").waitFor();
  assert.equal((await help.call("GET", "", undefined, "admin")).request_lifetime_minutes, 90);
});

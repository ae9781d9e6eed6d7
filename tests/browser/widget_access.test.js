// The widget's access: renewed before it ends or after, and another ticket's from one moment to the next.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, picture } from "./support/browser.js";
import { at, view, waiting } from "./support/views.js";
import { sleep, until, widget } from "./support/widget.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test("an access that ends is renewed by the page's callback, without a trace", async (story) => {
  const before = `addEventListener("DOMContentLoaded", () => { document.querySelector("casebridge-case").renew = async () => "cbw_second"; })`;
  const { server, says, button, it } = await widget(story, browser, view({ case: waiting() }), { before });
  await says("Waiting");
  await button("Stop session").click();
  server.refused.add("cbw_first");
  await until(() => server.asked.some((asked) => asked.token === "cbw_second"), "a request with the fresh token");
  await it.locator("#note").waitFor();
  assert.equal(await it.getByText("has ended").count(), 0);
});

test("a page may leave the first token to its callback as well", async (story) => {
  const before = `addEventListener("casebridge-token", (event) => event.detail.respond("cbw_second"))`;
  const { server, says } = await widget(story, browser, view(), { before, attributes: "" });
  await says("Remote support");
  assert.deepEqual(server.asked.map((asked) => asked.token), ["cbw_second"]);
});

test("an access that is about to end is renewed before", async (story) => {
  const before = `addEventListener("casebridge-token", (event) => event.detail.respond(Promise.resolve("cbw_second")))`;
  const { server } = await widget(story, browser, view({ token_expires_at: at(1_500) }), { before });
  await until(() => server.asked.some((asked) => asked.token === "cbw_second"), "a request with the fresh token", 3_000);
});

test("an access that ended and is not renewed says so, and goes on with the next token", async (story) => {
  const { page, server, says, it, button } = await widget(story, browser, view({ case: waiting() }));
  await says("Waiting");
  server.refused.add("cbw_first");
  await it.getByText("Your access to this ticket's session has ended.").waitFor();
  await picture(page, "widget.access_ended");
  assert.equal(await button("Send again").getAttribute("aria-disabled"), "true");
  const asked = server.asked.length;
  await sleep(2_000);
  assert.equal(server.asked.length, asked);
  await it.evaluate((element) => element.setAttribute("token", "cbw_second"));
  await it.getByText("has ended").waitFor({ state: "detached" });
  await until(() => server.asked.at(-1)?.token === "cbw_second", "a request with the fresh token");
});

test("a fresh token that is refused too is not asked for over and over", async (story) => {
  const before = `window.given = 0; addEventListener("casebridge-token", (event) => event.detail.respond("cbw_fresh" + ++window.given))`;
  const { page, server, it, says } = await widget(story, browser, view({ case: waiting() }), { before });
  await says("Waiting");
  for (const token of ["cbw_first", "cbw_fresh1", "cbw_fresh2", "cbw_fresh3"]) server.refused.add(token);
  await it.getByText("has ended").waitFor();
  await sleep(500);
  assert.equal(await page.evaluate(() => /** @type {any} */ (window).given), 1);
});

test("another ticket's token shows that ticket from the start, without news of the one before", async (story) => {
  const { server, says, it, events } = await widget(story, browser, view({ case: waiting() }));
  await says("Waiting");
  server.view = view({ ticket: { id: "T-2", number: "INC-2", title: "Mouse", state: "open" } });
  await it.evaluate((element) => element.setAttribute("token", "cbw_other"));
  await says("Remote support");
  assert.deepEqual(await events(), []);
});

test("an answer for the ticket before is not shown on the next one", async (story) => {
  const { server, says, it, button, title } = await widget(story, browser, view());
  await says("Remote support");
  server.instead("POST /v1/widget/play", { status: 200, body: view({ case: waiting() }), after: 600 });
  await button("Start session").click();
  server.view = view({ ticket: { id: "T-2", number: "INC-2", title: "Mouse", state: "closed" } });
  await it.evaluate((element) => element.setAttribute("token", "cbw_other"));
  await says("The ticket is closed");
  await sleep(900);
  assert.equal(await title.innerText(), "The ticket is closed");
});

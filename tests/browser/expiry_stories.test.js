// What ends by the clock alone, on a real server: a case of one minute, and an access of one minute.

import assert from "node:assert/strict";
import { test } from "node:test";
import { picture } from "./support/browser.js";
import { onAHost } from "./support/on_a_host.js";
import { ticketPage } from "./support/technician.js";
import { until } from "./support/widget.js";

const { browser, help } = await onAHost();

test("b5_a case counts down, expires, and play comes back; the access is renewed meanwhile", async (story) => {
  await help.call("PATCH", "", { case_lifetime_minutes: 1 }, "admin");
  story.after(() => help.call("PATCH", "", { case_lifetime_minutes: 1440 }, "admin"));
  /** @type {string} */
  let id = "";
  // Another process of the cloud's host follows within a minute: until then a case lives longer.
  await until(async () => {
    id = `B5-${process.pid}-${Date.now()}`;
    const facts = { ticket: { number: id, title: "Printer" }, requester: { name: "Rita Requester" } };
    const played = await help.call("POST", `/tickets/${id}/case`, facts);
    return Date.parse(played.valid_until) - Date.parse(played.started_at) === 60_000;
  }, "a case of one minute", 75_000);
  let renewed = 0;
  const renew = async () => {
    renewed += 1;
    return help.token(id, { requester: { name: "Rita Requester" } });
  };
  const { page, says, button, it } = await ticketPage(story, browser, help, await help.token(id, { minutes: 1, requester: { name: "Rita Requester" } }), { renew });
  await says("Waiting");
  assert.match(await it.locator(".count").innerText(), /^in \d+ sec$/);
  await picture(page, "story.ends_soon");
  await says("Session expired", 75_000);
  await picture(page, "story.expired");
  assert.equal(await it.getByRole("link").count(), 0);
  await it.locator(".words").waitFor();
  assert.equal(renewed, 1);
  await button("Start a new session").click();
  await says("Waiting");
});

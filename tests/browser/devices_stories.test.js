// The console's devices, on a real host: found, looked at, and helped.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { axe, picture } from "./support/browser.js";
import { eventually } from "./support/console_page.js";
import { onAHost } from "./support/on_a_host.js";
import { signedIn } from "./support/signed_in.js";

const { browser, help } = await onAHost();
const quicksupport = { installed: true, distributed: true, allow_listed: true, managed: true };
/** What the device management reports. @type {Record<string, object>} */
const fleet = {
  till: {
    platform: "android", name: "Till 4 <b>", os_version: "14", maker: "Samsung", model: "SM-X200", management: "device_owner", kiosk: "none", eula_accepted: true, quicksupport,
    host: { installed: true, distributed: true, allow_listed: true, permission_granted: true, teamviewer_id: "1 234 567 890" }, add_on: { installed: true, allow_listed: true },
  },
  ipad: { platform: "ios", name: "Rita's iPad", os_version: "17.2", management: "enrolled", eula_accepted: true, quicksupport, requester: { name: "Rita" } },
  mam: { platform: "ios", name: "Bob's phone", os_version: "17.2", management: "mam_only", quicksupport },
};

before(async () => {
  const { terms } = await help.call("GET", "/activation");
  await help.call("PUT", "/activation", { mode: "attended_and_unattended", agreement: { terms_version: terms.version, agreed_by: { id: "ada", name: "Ada" } } }, "admin");
  // A demo has devices of its own.
  const { items } = await help.call("GET", "/devices");
  for (const { device } of items) await help.call("DELETE", `/devices/${device}`, undefined, "admin");
  for (const [id, facts] of Object.entries(fleet)) await help.call("PUT", `/devices/${id}`, facts);
});

test("i4_i5_a device is found, said to be ready, helped, and its session stands among those that are live", async (story) => {
  const { page, main, dialog, button, heard } = await signedIn(story, browser, help, "#live", { role: "technician", more: { technician: { id: "mei", name: "Mei Lin" } } });
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Devices" }).click();
  await main.getByRole("button", { name: "Rita's iPad" }).waitFor();
  assert.equal(await main.locator("tbody tr").count(), 3);
  await picture(page, "console.devices_on_the_host");
  assert.deepEqual(await axe(page), []);
  await main.getByLabel("System").selectOption({ label: "Android" });
  await eventually(async () => assert.equal(await main.locator("tbody tr").count(), 1));
  assert.match(page.url(), /#devices\?platform=android$/);
  await main.getByRole("button", { name: "Till 4 <b>" }).click();
  const attended = dialog.getByRole("region", { name: "QuickSupport" });
  await attended.getByText("Ready", { exact: true }).waitFor();
  await dialog.getByRole("region", { name: "Host" }).getByText("Unattended licences in use: 1").waitFor();
  await picture(page, "console.device_on_the_host");
  assert.deepEqual(await axe(page), []);
  await attended.getByRole("button", { name: "Start a session" }).click();
  await attended.getByText("The session was started.").waitFor();
  const started = await help.call("GET", "/devices/till/case");
  story.after(() => help.call("POST", `/cases/${started.id}/close`, {}));
  await attended.getByText(started.session_code).waitFor();
  assert.equal(started.technician.id, "mei");
  assert.deepEqual(await axe(page), []);
  await attended.getByRole("link", { name: "Live sessions" }).click();
  const card = main.getByRole("article", { name: "Device Till 4 <b>" });
  await card.getByText(started.session_code).waitFor();
  await card.getByRole("button", { name: /^Stop/ }).click();
  await dialog.getByRole("button", { name: "Stop" }).click();
  await card.waitFor({ state: "detached" });
  assert.equal(await button("Start a session").count(), 0);
  assert.deepEqual(heard, []);
});

test("i4_a device that is only viewed says so, and who is not known leaves its session to the queue", async (story) => {
  const { page, main, dialog } = await signedIn(story, browser, help, "#devices?device=ipad", { role: "technician" });
  const attended = dialog.getByRole("region", { name: "QuickSupport" });
  await attended.getByText("Ready, to view only").waitFor();
  await dialog.getByRole("region", { name: "Host" }).getByText("Not possible").waitFor();
  await attended.getByRole("button", { name: "Start a session" }).click();
  await attended.getByText("The screen can be seen, not controlled.").waitFor();
  const started = await help.call("GET", "/devices/ipad/case");
  story.after(() => help.call("POST", `/cases/${started.id}/close`, {}));
  await page.goto(`${help.url}/console#live`);
  await main.locator("section", { hasText: "Team's queue" }).getByRole("article", { name: "Device Rita's iPad" }).waitFor();
});

test("i9_where somebody asks for help stands above the devices, and whoever starts the session takes the request", async (story) => {
  const { page, main, dialog, heard } = await signedIn(story, browser, help, "#devices", { role: "technician", more: { technician: { id: "mei", name: "Mei Lin" } } });
  const queue = main.locator("section", { has: page.getByRole("heading", { name: "Team's queue" }) });
  await main.locator("table").getByRole("button", { name: "Till 4 <b>" }).waitFor();
  assert.equal(await queue.getByText("Tom").count(), 0);
  const asked = await help.call("POST", "/devices/till/request", { requester: { name: "Tom" } });
  story.after(() => help.call("POST", `/cases/${asked.id}/close`, {}));
  await queue.getByText("Tom").waitFor();
  await picture(page, "console.device_asks_on_the_host");
  assert.deepEqual(await axe(page), []);
  await queue.getByRole("button", { name: "Till 4 <b>" }).click();
  const attended = dialog.getByRole("region", { name: "QuickSupport" });
  await attended.getByRole("button", { name: "Start a session" }).click();
  await attended.getByText("The session was started.").waitFor();
  const taken = await help.call("GET", `/cases/${asked.id}`);
  assert.deepEqual([taken.state, taken.technician.id], ["open", "mei"]);
  await page.keyboard.press("Escape");
  await queue.getByText("Tom").waitFor({ state: "detached" });
  assert.deepEqual(heard, []);
});

test("i5_what blocks a device is named, each with its mend, in the reader's language", async (story) => {
  const { page, main, dialog } = await signedIn(story, browser, help, "#devices");
  await page.getByLabel("Language").selectOption({ label: "Français" });
  await main.getByRole("button", { name: "Bob's phone" }).click();
  const attended = dialog.getByRole("region", { name: "QuickSupport" });
  await attended.getByText("Impossible").waitFor();
  assert.ok((await attended.locator(".findings li", { hasText: "Empêche" }).count()) > 0);
  assert.equal(await attended.getByRole("button").count(), 0);
  assert.deepEqual(await axe(page), []);
  await picture(page, "console.device_blocked_on_the_host");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.waitForURL(/#devices$/);
});

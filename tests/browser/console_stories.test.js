// The console on a real host: signing in, and what an administrator settles once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, picture } from "./support/browser.js";
import { eventually } from "./support/console_page.js";
import { onAHost } from "./support/on_a_host.js";
import { signInLink, signedIn, visit } from "./support/signed_in.js";

const { browser, help } = await onAHost();

/** Another process of the host may go by what it read up to a minute ago. */
const A_MINUTE = 75_000;

test("b19_a link signs in once, leaves no code in the address, and a technician has no settings", async (story) => {
  const address = await signInLink(help, "technician");
  const { page, main } = await visit(story, browser, address);
  await main.locator(".tile a").first().waitFor();
  assert.equal(new URL(page.url()).pathname, "/console");
  assert.equal(page.url().includes(address.split("#")[1] ?? "?"), false);
  const links = await page.locator("#top nav a").allInnerTexts();
  // Devices are there where the host has some.
  assert.deepEqual(links.filter((link) => link !== "Devices"), ["Sessions Summary", "Live sessions"]);
  assert.deepEqual(await page.evaluate(() => document.cookie), "");
  await page.goto(`${help.url}/console#settings`);
  await main.locator(".tile a").first().waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await main.getByText("You are not signed in").waitFor();

  const late = await visit(story, browser, address);
  await late.main.getByText("This link was used already").waitFor();
  assert.deepEqual(await axe(late.page), []);
});

test("b19_who was signed out by an administrator is told so, wherever they are", async (story) => {
  const name = `Lee ${process.pid}`;
  const { main } = await signedIn(story, browser, help, "#live", { role: "technician", more: { name } });
  await main.locator("section", { hasText: "Team's queue" }).locator("article, .nothing").first().waitFor();
  const { items } = await help.call("GET", "/keys", undefined, "admin");
  const key = items.find((/** @type {any} */ one) => one.label === name);
  await help.call("DELETE", `/keys/${key.id}`, undefined, "admin");
  // The page looks again by itself.
  await main.getByText("You are not signed in").waitFor({ timeout: A_MINUTE });
  await main.getByText("Open the console again from your help desk").waitFor();
});

test("b15_a mistake in a template is named at its place, and what is saved is what letters are made from", async (story) => {
  story.after(() => help.call("DELETE", "/mail-templates/en", undefined, "admin"));
  const { page, main, dialog, button, heard } = await signedIn(story, browser, help, "#mail?language=en");
  const text = main.getByLabel("Text", { exact: true });
  const letter = main.locator(".letter");
  await eventually(async () => (await text.inputValue()).includes("{{teamviewer.customer_link}}"));
  await text.fill("Hello,\n🙂 {{ticket.titel}} and {{teamviewer.customer_link}}");
  await main.getByText("There is no parameter {{ticket.titel}} (line 2, column 3).").waitFor();
  assert.deepEqual(await main.locator(".under mark").allInnerTexts(), ["{{ticket.titel}}"]);
  await picture(page, "console.mail_on_the_host");
  assert.deepEqual(await axe(page), []);
  await main.getByRole("button", { name: "Show it" }).click();
  assert.equal(await page.evaluate(() => {
    const field = /** @type {HTMLTextAreaElement} */ (document.activeElement);
    return field.value.slice(field.selectionStart, field.selectionEnd);
  }), "{{ticket.titel}}");
  await button("Save").click();
  assert.equal((await help.call("GET", "/mail-templates/en", undefined, "admin")).own, false);

  await text.press("ControlOrMeta+a");
  await text.pressSequentially("Open ");
  await button("{{teamviewer.customer_link}}").click();
  await main.getByLabel("Subject").fill("Help for {{ticket.number}}");
  await eventually(async () => assert.match(await main.locator(".subject").innerText(), /^Help for \S+$/), 10_000);
  await letter.getByText(/^Open https?:/).waitFor();
  await button("Save").click();
  await main.getByText("The template was saved.").waitFor();
  assert.equal((await help.call("GET", "/mail-templates/en", undefined, "admin")).text, "Open {{teamviewer.customer_link}}");

  const me = `me.${process.pid}@northwind.example`;
  await button("Send a test mail").click();
  await dialog.getByLabel("To").fill(me);
  await dialog.getByRole("button", { name: "Send" }).click();
  await main.getByText("The test mail is on its way.").waitFor();
  await eventually(async () => assert.match((await help.mails(me))[0]?.subject ?? "", /^Help for /), 20_000);

  await button("Back to the built-in one").click();
  await dialog.getByRole("button", { name: "Back to the built-in one" }).click();
  await eventually(async () => assert.notEqual(await main.getByLabel("Subject").inputValue(), "Help for {{ticket.number}}"));
  assert.equal((await help.call("GET", "/mail-templates/en", undefined, "admin")).own, false);
  assert.deepEqual(heard, []);
});

test("n7_p9_policies and who is told are saved, each by itself, and a wrong address is named at its field", async (story) => {
  const settings = await help.call("GET", "", undefined, "admin");
  story.after(() => help.call("PATCH", "", { told: settings.told, note: "optional", close_guard: "block" }, "admin"));
  const { page, main, heard } = await signedIn(story, browser, help, "#settings");
  const policies = main.locator("section", { hasText: "What is asked of technicians" });
  await policies.getByLabel("A note is mandatory").check();
  await policies.getByLabel("Stop idle sessions").check();
  await policies.getByRole("button", { name: "Save" }).click();
  await policies.getByText("Saved.").waitFor();

  const told = main.locator("section", { hasText: "once for each session" });
  await told.getByLabel("Always as well").fill("lead@northwind.example\nnonsense");
  await told.getByRole("button", { name: "Save" }).click();
  await told.getByText("This must be a mail address such as").waitFor();
  assert.equal(await told.getByLabel("Always as well").getAttribute("aria-invalid"), "true");
  assert.deepEqual(await axe(page), []);
  await told.getByLabel("Always as well").fill("lead@northwind.example");
  await told.getByRole("button", { name: "Save" }).click();
  await told.getByText("Saved.").waitFor();
  const kept = await help.call("GET", "", undefined, "admin");
  assert.deepEqual([kept.note, kept.close_guard, kept.told.others], ["required", "close_idle", ["lead@northwind.example"]]);
  assert.deepEqual(heard, []);
});

test("b8_name, colour and logo are seen before they are saved, and then on the customer's page", async (story) => {
  story.after(() => help.call("PATCH", "", { branding: { name: "", logo: "" } }, "admin"));
  const { page, main, heard } = await signedIn(story, browser, help, "#settings");
  const section = main.locator("section", { hasText: "What customers see" });
  const logo = section.getByLabel("Logo", { exact: true });
  const pixel = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  await logo.setInputFiles({ name: "large.png", mimeType: "image/png", buffer: Buffer.alloc(70_000) });
  await section.getByText("The picture is larger than 64 kB.").waitFor();
  await logo.setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: pixel });
  await section.locator(".sample img").waitFor();
  await section.getByLabel("Name on the page").fill("Northwind <b>Care</b>");
  await section.getByLabel("Colour of buttons").fill("#ffee00");
  assert.equal(await section.locator(".sample .button").evaluate((it) => getComputedStyle(it).color), "rgb(0, 0, 0)");
  await section.getByRole("button", { name: "Save" }).click();
  await section.getByText("Saved.").waitFor();
  await picture(page, "console.settings_on_the_host");
  const { branding } = await help.call("GET", "", undefined, "admin");
  assert.deepEqual([branding.name, branding.colour], ["Northwind <b>Care</b>", "#ffee00"]);

  const played = await help.play(`B8-${process.pid}`);
  story.after(() => help.call("POST", `/cases/${played.id}/close`, {}));
  // The customer's page is another process's where each function is one of its own.
  await eventually(async () => {
    const customer = await visit(story, browser, played.customer_link);
    assert.match(await customer.page.locator("body").innerText(), /Northwind <b>Care<\/b>/);
    await picture(customer.page, "customer.branded_on_the_host");
  }, A_MINUTE);
  assert.deepEqual(heard, []);
});

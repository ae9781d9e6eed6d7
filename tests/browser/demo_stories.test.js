// A newcomer's first minute: the demo's help desk, from its list of tickets to the comment on one of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { axe, complaints, picture } from "./support/browser.js";
import { onAHost } from "./support/on_a_host.js";

const { browser, help } = await onAHost();

test("a newcomer sees the whole story without a terminal", async (story) => {
  if (!help.ready.desk_url) return story.skip("this host has no help desk of its own");
  const context = await browser.newContext({ viewport: { width: 1200, height: 860 } });
  story.after(() => context.close());
  const page = await context.newPage();
  const heard = complaints(page);
  await page.goto(help.ready.desk_url);
  await page.getByRole("link", { name: "Printer on the third floor prints in pink" }).waitFor();
  await picture(page, "demo.tickets");
  assert.deepEqual(await axe(page), []);
  await page.getByRole("link", { name: "Printer on the third floor prints in pink" }).click();
  const widget = page.locator("casebridge-case");
  await widget.getByRole("button", { name: "Start session", exact: true }).click();
  await widget.locator(".title", { hasText: "Waiting for Rita Requester" }).waitFor();
  await page.locator("#mails a").first().waitFor({ timeout: 20_000 });
  await picture(page, "demo.waiting");
  assert.deepEqual(await axe(page), []);

  const mail = await context.newPage();
  await mail.goto((await page.locator("#mails a").first().getAttribute("href")) ?? "");
  await picture(mail, "demo.mail");

  await page.getByRole("button", { name: "Come online" }).click();
  await widget.locator(".title", { hasText: "Rita Requester is online" }).waitFor({ timeout: 20_000 });
  await picture(page, "demo.online");
  await widget.getByRole("button", { name: "Stop session", exact: true }).click();
  await page.keyboard.type("Put the colour cartridge in the right way round.");
  await widget.getByRole("button", { name: "Stop session", exact: true }).click();
  await page.locator(".message.note", { hasText: "Put the colour cartridge in the right way round." }).waitFor();
  await picture(page, "demo.closed");
  assert.deepEqual(await axe(page), []);
  await page.setViewportSize({ width: 360, height: 740 });
  await picture(page, "demo.phone");
  const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok((inner ?? 0) <= (outer ?? 0), `${inner} wide`);
  assert.deepEqual(heard, []);
});

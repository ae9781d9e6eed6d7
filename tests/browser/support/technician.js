// A technician in front of a ticket of a real server.

import { complaints, helpDesk } from "./browser.js";

/** @typedef {import("./host.js").Host} Host */

/**
 * Opens the ticket's page in a browser of the technician's own.
 * @param {import("node:test").TestContext} story
 * @param {import("playwright-core").Browser} browser
 * @param {Host} host
 * @param {string} token
 * @param {import("playwright-core").BrowserContextOptions & { lang?: string, renew?: () => Promise<string> }} [how]
 */
export async function ticketPage(story, browser, host, token, how = {}) {
  const { lang = "en", renew, ...options } = how;
  const desk = await helpDesk(host.url, { attributes: `token="${token}"`, lang });
  const context = await browser.newContext({ viewport: { width: 350, height: 640 }, ...options });
  story.after(async () => {
    await context.close();
    await desk.stop();
  });
  const page = await context.newPage();
  const heard = complaints(page);
  if (renew) {
    await page.exposeFunction("freshToken", renew);
    await page.addInitScript(() => {
      addEventListener("casebridge-token", (event) => /** @type {CustomEvent} */ (event).detail.respond(/** @type {any} */ (window).freshToken()));
    });
  }
  await page.goto(desk.url);
  const it = page.locator("casebridge-case");
  return {
    page, it, heard,
    title: it.locator(".title"),
    code: it.locator(".digits"),
    /** @param {string} name */
    button: (name) => it.getByRole("button", { name, exact: true }),
    /** Waits until the title says so. @param {string | RegExp} text @param {number} [timeout] */
    async says(text, timeout = 15_000) {
      await it.locator(".title").filter({ hasText: text }).waitFor({ timeout });
    },
  };
}

// The console in a browser, at noon of the day of the stories, in front of a server that stands in.

import assert from "node:assert/strict";
import { complaints } from "./browser.js";
import { NOW } from "./believable.js";
import { ConsoleServer } from "./console_server.js";

/**
 * Opens a page of the console. Whatever the page complains of fails the story.
 * @param {import("node:test").TestContext} story
 * @param {import("playwright-core").Browser} browser
 * @param {string} [hash] which page
 * @param {{ set?: (server: ConsoleServer) => void, options?: import("playwright-core").BrowserContextOptions, path?: string }} [how]
 */
export async function consolePage(story, browser, hash = "", { set, options, path = "/console" } = {}) {
  const server = await new ConsoleServer().start();
  set?.(server);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  const heard = complaints(page);
  page.setDefaultTimeout(10_000);
  await page.clock.setFixedTime(new Date(`${NOW}T12:00:00Z`));
  await page.addInitScript(() => {
    const all = /** @type {any} */ (globalThis);
    all.shifted = 0;
    new PerformanceObserver((list) => {
      for (const shift of /** @type {any[]} */ (list.getEntries())) if (!shift.hadRecentInput) all.shifted += shift.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  story.after(async () => {
    await context.close();
    await server.stop();
  });
  await page.goto(`${server.url}${path}${hash}`);
  const main = page.locator("main");
  return {
    server, page, main, heard,
    figure: (/** @type {string} */ name) => page.locator(".tile", { has: page.locator("dt", { hasText: new RegExp(`^${name}`) }) }).locator(".figure"),
    button: (/** @type {string | RegExp} */ name) => page.getByRole("button", { name }),
    link: (/** @type {string} */ name) => page.getByRole("link", { name, exact: true }),
    dialog: page.locator("dialog[open]"),
    /** How far things moved by themselves. @returns {Promise<number>} */
    shifted: () => page.evaluate(() => /** @type {any} */ (globalThis).shifted),
    /** Nothing was complained of until now. */
    quiet: () => assert.deepEqual(heard, []),
  };
}

/**
 * Until it is as it should be, for a while.
 * @template Found
 * @param {() => Found | Promise<Found>} look
 * @param {number} [patience]
 * @returns {Promise<Found>}
 */
export async function eventually(look, patience = 5_000) {
  const end = Date.now() + patience;
  for (;;) {
    try {
      const found = await look();
      if (found !== false) return found;
      throw new Error("not yet");
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((done) => setTimeout(done, 40));
    }
  }
}

// A widget on a help desk's page, in front of the server that stands in.

import { complaints, helpDesk } from "./browser.js";
import { StandIn } from "./stand_in.js";

/** @typedef {import("./stand_in.js").View} View */
/** @typedef {import("playwright-core").BrowserContextOptions & { attributes?: string, script?: "module" | "classic", lang?: string, framed?: boolean, before?: string, grant?: string[], ahead?: number, prepare?: (server: StandIn) => void }} How */

/**
 * Opens the page, and takes everything down when the story ends.
 * @param {import("node:test").TestContext} story
 * @param {import("playwright-core").Browser} browser
 * @param {View} view
 * @param {How} [how]
 */
export async function widget(story, browser, view, how = {}) {
  const { attributes = 'token="cbw_first"', script, lang = "en", framed, before, grant, ahead = 0, prepare, ...options } = how;
  const server = await new StandIn(view).start();
  server.ahead = ahead;
  prepare?.(server);
  const desk = await helpDesk(server.url, { attributes, lang, ...(script ? { script } : {}) });
  const context = await browser.newContext({ viewport: { width: 350, height: 640 }, ...options });
  story.after(async () => {
    await context.close();
    await desk.stop();
    await server.stop();
  });
  if (grant) await context.grantPermissions(grant, { origin: desk.url });
  const page = await context.newPage();
  const heard = complaints(page);
  // What a help desk's own script would do: the events that reach the page are kept.
  await page.addInitScript(() => {
    /** @type {any} */ (window).heard = [];
    for (const name of ["casebridge-opened", "casebridge-online", "casebridge-closed"]) {
      addEventListener(name, (event) => /** @type {any} */ (window).heard.push([name, /** @type {CustomEvent} */ (event).detail.id]));
    }
  });
  if (before) await page.addInitScript(before);
  await page.goto(`${desk.url}${framed ? "/framed" : "/"}`);
  const root = framed ? page.frameLocator("iframe") : page;
  const it = root.locator("casebridge-case");
  const title = it.locator(".title");
  return {
    page, server, desk, heard, it, title,
    /** @param {string} name */
    button: (name) => it.getByRole("button", { name, exact: true }),
    /** Waits until the title says so. @param {string | RegExp} text */
    async says(text) {
      await title.filter({ hasText: text }).waitFor({ timeout: 5_000 });
    },
    /** The page is left for another tab, or looked at again. @param {"hidden" | "visible"} state */
    async turn(state) {
      await page.evaluate((wanted) => {
        Object.defineProperty(document, "visibilityState", { configurable: true, get: () => wanted });
        document.dispatchEvent(new Event("visibilitychange"));
      }, state);
    },
    /** @returns {Promise<[string, string][]>} */
    events: () => page.evaluate(() => /** @type {any} */ (window).heard),
  };
}

/** @param {number} milliseconds */
export function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits until it is so. @param {() => boolean | Promise<boolean>} so @param {string} what @param {number} [patience] */
export async function until(so, what, patience = 5_000) {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(25)) {
    if (await so()) return;
  }
  throw new Error(`not within ${patience} ms: ${what}`);
}
